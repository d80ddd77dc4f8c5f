/**
 * A child process of the pool: opens the inline modules once, then analyses one sample after the other. Runs without
 * permission but reading installed packages; the modules' own code is in its graph by `--preload`.
 */
import { encodeFrame, readFrameSync, reasonOf } from "@assay/core";
import type { Findings, InlineModule } from "../module/define.ts";
import { type Events, type OpenedModule, runPlan } from "./plan.ts";
import { type ChildEvent, type OpenMessage, TO_CHILD_LIMITS, type ToChild } from "./protocol.ts";
import { output } from "./quiet.ts";

const decoder = new TextDecoder();
let waiting: ChildEvent[] = [];
let blobs: Uint8Array[] = [];

const events: Events = {
  add(event, more = []) {
    waiting.push(event);
    blobs.push(...more);
  },
  flush() {
    for (const piece of encodeFrame({ events: waiting }, blobs)) {
      for (let at = 0; at < piece.length;) at += output.writeSync(piece.subarray(at));
    }
    waiting = [];
    blobs = [];
  },
};

async function openAll(message: OpenMessage): Promise<Map<string, OpenedModule | string>> {
  const opened = new Map<string, OpenedModule | string>();
  for (const { name, url, options } of message.modules) {
    try {
      const module: InlineModule = (await import(url)).default;
      opened.set(name, { module, analyze: await module.open(options) });
    } catch (error) {
      opened.set(name, reasonOf(error));
    }
  }
  return opened;
}

const first = readFrameSync<OpenMessage>(Deno.stdin, TO_CHILD_LIMITS);
if (first === null) Deno.exit(0);
const opened = await openAll(first.header);
const failed = Object.fromEntries([...opened].filter(([, one]) => typeof one === "string"));
events.add({ type: "ready", failed: failed as Record<string, string> });
events.flush();

for (;;) {
  const frame = readFrameSync<ToChild>(Deno.stdin, TO_CHILD_LIMITS);
  if (frame === null) break;
  const { header, blobs: [bytes, ...knownJson] } = frame;
  if (header.type !== "sample" || bytes === undefined) throw new TypeError("Expected a sample");
  const known = new Map(
    header.known.map((name, i) => [name, JSON.parse(decoder.decode(knownJson[i])) as Findings]),
  );
  await runPlan({ ...header, bytes, known }, opened, first.header.extraction, events);
}
