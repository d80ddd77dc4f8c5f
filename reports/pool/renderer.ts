/**
 * A renderer process: makes one form after the other, and reads what partners send, until its input ends. What samples and others say goes
 * through here, so it may read installed packages and the folders that it is given, and nothing else.
 *
 * `renderer.ts MAX_BYTES [SCHEMAS TECHNIQUES]`: bytes of a form at most, and the folders for STIX.
 */
import { encodeFrame, readFrameSync, UnreadableImportError } from "@assay/core";
import { manyRenderers, renderers, type RenderTools, UnavailableError } from "../forms.ts";
import { readImport } from "../import/read.ts";
import { makeModel } from "../model/build.ts";
import { StixError } from "../stix/check/finding.ts";
import { readStixSchemas } from "../stix/schemas.ts";
import { readTechniques } from "../stix/techniques.ts";
import {
  type FromRenderer,
  type ReadJob,
  type RenderJob,
  type RenderManyJob,
  TO_RENDERER,
  type ToRenderer,
} from "./messages.ts";

/** Characters of what went wrong that are told. */
const MOST_DETAIL = 32_000;

const maxBytes = Number(Deno.args[0]);
const stix = await openStix(Deno.args[1], Deno.args[2]);
const tools: RenderTools = {
  stix() {
    if (typeof stix === "string") throw new UnavailableError(stix);
    return stix;
  },
  bundles: () => typeof stix === "string" ? null : stix,
  techniques: () => typeof stix === "string" ? null : stix.techniques,
};
send({ type: "ready", missing: typeof stix === "string" ? stix : null });
for (;;) {
  const frame = readFrameSync<ToRenderer>(Deno.stdin, TO_RENDERER);
  if (frame === null) break;
  const [message, blob] = make(JSON.parse(new TextDecoder().decode(frame.blobs[0])) as Job);
  send(message, blob);
}

/** What STIX is made with, or why it can't be. */
async function openStix(
  schemas: string | undefined,
  techniques: string | undefined,
): Promise<ReturnType<RenderTools["stix"]> | string> {
  if (schemas === undefined || techniques === undefined) {
    return "OASIS's schemas of STIX or MITRE's techniques are not installed";
  }
  try {
    return { schemas: await readStixSchemas(schemas), techniques: await readTechniques(techniques) };
  } catch (cause) {
    return `OASIS's schemas of STIX or MITRE's techniques can't be read: ${textOf(cause)}`;
  }
}

type Job = RenderJob | RenderManyJob | ReadJob;

function make(job: Job): [FromRenderer, Uint8Array?] {
  try {
    const made = "read" in job ? read(job) : "inputs" in job ? renderMany(job) : render(job);
    const bytes = typeof made === "string" ? new TextEncoder().encode(made) : made;
    if (bytes.length > maxBytes) return [{ type: "too-large", detail: String(bytes.length) }];
    return [{ type: "made" }, bytes];
  } catch (cause) {
    if (cause instanceof UnavailableError) return [{ type: "unavailable", detail: cause.message }];
    if (cause instanceof UnreadableImportError) return [{ type: "unreadable", detail: cause.message }];
    return [{ type: "failed", detail: textOf(cause) }];
  }
}

function render({ options, input }: RenderJob): string | Uint8Array {
  return renderers[options.format](makeModel(input), options, tools);
}

function renderMany({ options, inputs }: RenderManyJob): string | Uint8Array {
  const [first, ...others] = inputs.map(makeModel);
  const render = manyRenderers[options.format];
  if (first === undefined || render === undefined) {
    throw new TypeError(`Cannot make one document of ${inputs.length} reports as '${options.format}'`);
  }
  return render([first, ...others], options, tools);
}

function read({ read, now, file }: ReadJob): string {
  return JSON.stringify(
    readImport(Uint8Array.fromBase64(file), read, {
      schemas: () => tools.stix().schemas,
      now: new Date(now),
    }),
  );
}

function textOf(cause: unknown): string {
  const text = cause instanceof StixError
    ? [cause.message, ...cause.findings.map(({ object, problem }) => `${object}: ${problem}`)].join("\n")
    : cause instanceof Error
    ? cause.stack ?? cause.message
    : String(cause);
  return text.toWellFormed().slice(0, MOST_DETAIL);
}

function send(message: FromRenderer, blob?: Uint8Array): void {
  for (const piece of encodeFrame(message, blob === undefined ? [] : [blob])) {
    for (let at = 0; at < piece.length;) at += Deno.stdout.writeSync(piece.subarray(at));
  }
}
