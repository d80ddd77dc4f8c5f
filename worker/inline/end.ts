import { FrameError, reasonOf } from "@assay/core";
import { checkFindings } from "./check.ts";
import type { InlineEnd } from "./job.ts";
import { type ChildEvent, OUTPUT } from "./protocol.ts";

/** What a child says of a module's end, checked: it may lie. @throws {FrameError} where it breaks the protocol */
export function readEnd(
  event: Extract<ChildEvent, { type: "end" }>,
  started: string | null,
  blob: () => Uint8Array,
): InlineEnd {
  const base = { started, durationMs: Math.max(0, Number(event.ms) || 0) };
  if (event.status === "nothing") return { ...base, status: "nothing" };
  if (event.status === "ok") return { ...base, ...readFindings(event, blob) };
  if (event.status !== "error" && event.status !== "skipped") throw new FrameError("Unknown end");
  return { ...base, status: event.status, reason: reasonOf(event.reason) };
}

function readFindings(event: Extract<ChildEvent, { type: "end"; status: "ok" }>, blob: () => Uint8Array) {
  const observations = blob();
  const raw = event.raw ? blob() : null;
  const gzip = typeof event.attachment === "string" ? blob() : null;
  if (
    observations.length > OUTPUT.observationBytes || (raw?.length ?? 0) > OUTPUT.rawBytes ||
    (gzip?.length ?? 0) > OUTPUT.attachmentBytes
  ) throw new FrameError("Findings are too large");
  try {
    const checked = checkFindings(event.module, observations, raw);
    const notes = Array.isArray(event.limits) ? event.limits.map((note) => String(note).slice(0, 500)) : [];
    const findings = { ...checked, limits: [...notes.slice(0, 50), ...checked.limits] };
    return {
      status: "ok" as const,
      findings,
      json: { observations, raw },
      attachment: gzip === null ? null : { name: String(event.attachment), gzip },
    };
  } catch (error) {
    return { status: "error" as const, reason: reasonOf(error) };
  }
}
