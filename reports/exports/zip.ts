import { configure, Uint8ArrayReader, ZipWriter } from "@zip.js/zip.js";

configure({ useWebWorkers: false });

/** A member of a zip. */
export interface ZipMember {
  /** Made of digests and ids, never of what a sample is called. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Members carry no time of their own: the same members give the same bytes on any day, in any time zone. */
const NO_TIME = new Date(1980, 0, 1);

/** A zip as its members are made, held one at a time. @throws {RangeError} for a name that is no plain file's */
export async function* zipOf(members: AsyncIterable<ZipMember>): AsyncGenerator<Uint8Array> {
  let made: Uint8Array[] = [];
  const sink = new WritableStream<Uint8Array>({
    write: (chunk) => {
      made.push(chunk);
    },
  });
  const take = () => {
    const chunks = made;
    made = [];
    return chunks;
  };
  const zip = new ZipWriter(sink, { lastModDate: NO_TIME, extendedTimestamp: false, level: 6 });
  for await (const { name, bytes } of members) {
    if (!/^[a-z0-9][a-z0-9._-]{0,199}$/i.test(name)) {
      throw new RangeError(`Cannot put '${name.slice(0, 200)}' into a zip: expected a plain name`);
    }
    await zip.add(name, new Uint8ArrayReader(bytes));
    yield* take();
  }
  await zip.close();
  yield* take();
}
