import type { Stage } from "@assay/infra";
import { lineOf } from "../stix/merge/line.ts";
import { mergeBundles } from "../stix/merge/merge.ts";
import type { StixBundle } from "../stix/object.ts";
import type { StixSchemas } from "../stix/schemas.ts";
import type { Member } from "./member.ts";

/** What bundles are joined with. */
export interface BundleTools {
  readonly schemas: StixSchemas;
  /** Where sorted runs are kept. */
  readonly runs: Stage;
  /** Bytes of a run at most. */
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** Characters of a run that are sorted in memory; one bundle may have more. */
const RUN = 16 * 1024 * 1024;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One bundle of the bundles of all members, sorted on disk: what is held doesn't grow with their number, but for their objects' ids. */
export async function* joinBundles(
  members: AsyncIterable<Member>,
  { schemas, runs, maxBytes, signal }: BundleTools,
): AsyncGenerator<string> {
  let count = 0;
  let lines = new Set<string>();
  let length = 0;
  const write = async () => {
    await runs.write(count++, portions([...lines].sort()), maxBytes);
    lines = new Set();
    length = 0;
  };
  for await (const { bytes } of members) {
    for (const object of (JSON.parse(decoder.decode(bytes)) as StixBundle).objects) {
      const line = lineOf(object);
      if (lines.has(line)) continue;
      lines.add(line);
      length += line.length;
    }
    if (length > RUN) await write();
  }
  if (lines.size > 0) await write();
  const open = () => Array.from({ length: count }, (_, at) => linesOf(runs, at));
  yield* mergeBundles({ open, schemas, signal });
}

async function* portions(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < lines.length; at += 100) {
    yield encoder.encode(lines.slice(at, at + 100).map((line) => `${line}\n`).join(""));
  }
}

async function* linesOf(runs: Stage, run: number): AsyncGenerator<string[]> {
  let rest = "";
  for await (const text of (await runs.read(run)).pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    if (lines.length > 0) yield lines;
  }
}
