import { basename } from "node:path";
import type { FoundFile } from "./walk.ts";

/** Bytes of files up to which a body is made in memory, so that its length is told. */
const IN_MEMORY = 64_000_000;

/**
 * A multipart body. Small ones are made in memory: `fetch` tells no length for a stream, and Deno's server takes a
 * chunked body at a tenth of the speed. Larger ones read their files while they are sent: memory stays flat.
 */
export function multipartOf(
  options: unknown,
  files: readonly FoundFile[],
): { headers: HeadersInit; body: BodyInit } {
  const boundary = `assay-${crypto.randomUUID()}`;
  const encoder = new TextEncoder();
  const begin = (disposition: string, type: string) =>
    encoder.encode(
      `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`,
    );
  const head = [
    begin('name="options"', "application/json"),
    encoder.encode(`${JSON.stringify(options)}\r\n`),
  ];
  const beginFile = (file: FoundFile) =>
    begin(`name="file"; filename="${quote(basename(file.path))}"`, "application/octet-stream");
  const newLine = encoder.encode("\r\n");
  const tail = encoder.encode(`--${boundary}--\r\n`);

  async function* parts(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield* head;
    for (const file of files) {
      yield beginFile(file);
      yield* (await Deno.open(file.path)).readable;
      yield newLine;
    }
    yield tail;
  }
  const inMemory = () => [
    ...head,
    ...files.flatMap((file) => [beginFile(file), Deno.readFileSync(file.path), newLine]),
    tail,
  ];
  const headers = { "content-type": `multipart/form-data; boundary=${boundary}` };
  const size = files.reduce((sum, file) => sum + file.size, 0);
  return { headers, body: size > IN_MEMORY ? ReadableStream.from(parts()) : new Blob(inMemory()) };
}

/** As browsers do (HTML, "multipart/form-data encoding algorithm"). */
function quote(name: string): string {
  return name.replace(/\n/g, "%0A").replace(/\r/g, "%0D").replace(/"/g, "%22");
}
