import { reasonOf, type Sha256 } from "@assay/core";
import {
  DEFAULT_MAX_SIZE,
  type ExtractedFile,
  type Findings,
  type InlineAnalyzer,
  type InlineModule,
} from "../module/define.ts";
import { type ChildEvent, type ExtractionLimits, OUTPUT, readFileType } from "./protocol.ts";

/** An inline module opened in this process. */
export interface OpenedModule {
  readonly module: InlineModule;
  readonly analyze: InlineAnalyzer;
}

/** One sample and what to do with it. */
export interface Plan {
  readonly sha256: Sha256;
  readonly bytes: Uint8Array;
  readonly name: string | null;
  readonly passwords: readonly string[];
  readonly modules: readonly string[];
  readonly known: ReadonlyMap<string, Findings>;
}

/** Takes events as they come; `flush` says that the next module starts now, or that all is over. */
export interface Events {
  add(event: ChildEvent, blobs?: readonly Uint8Array[]): void;
  flush(): void;
}

const encoder = new TextEncoder();

/** Runs the modules of a plan on one sample, one after the other. Never throws: each module ends in an event. */
export async function runPlan(
  plan: Plan,
  opened: ReadonlyMap<string, OpenedModule | string>,
  limits: ExtractionLimits,
  events: Events,
): Promise<void> {
  const found = new Map(plan.known);
  let type = readFileType(found.get("filetype")?.raw);
  for (const name of plan.modules) {
    const one = opened.get(name);
    const skip = (reason: string) =>
      events.add({ type: "end", module: name, status: "skipped", ms: 0, reason });
    if (one === undefined || typeof one === "string") {
      skip(`Unavailable: ${one ?? "not loaded"}`);
      continue;
    }
    const { accepts, maxSize = DEFAULT_MAX_SIZE, requires = [], readsName, readsPassword } = one.module;
    if (plan.bytes.length > maxSize) {
      skip(`Larger than the limit of ${maxSize} bytes`);
      continue;
    }
    if (accepts && !accepts.includes(type.fileType)) {
      skip(`Does not take files of type '${type.fileType}'`);
      continue;
    }
    events.add({ type: "start", module: name });
    events.flush();
    const began = performance.now();
    const ms = () => Math.round((performance.now() - began) * 1000) / 1000;
    try {
      const required = Object.fromEntries(
        requires.flatMap((other) => found.has(other) ? [[other, found.get(other)!]] : []),
      );
      const findings = await one.analyze({
        sha256: plan.sha256,
        bytes: plan.bytes,
        name: readsName ? plan.name : null,
        fileType: type.fileType,
        mime: type.mime,
        required,
        passwords: readsPassword ? plan.passwords : [],
      });
      if (findings === null) {
        events.add({ type: "end", module: name, status: "nothing", ms: ms() });
        continue;
      }
      found.set(name, findings);
      if (name === "filetype") type = readFileType(findings.raw);
      addFindings(name, findings, plan.bytes.length, limits, ms, events);
    } catch (error) {
      const reason = reasonOf(error);
      events.add({ type: "end", module: name, status: "error", ms: ms(), reason });
    }
  }
  events.add({ type: "done" });
  events.flush();
}

function addFindings(
  module: string,
  findings: Findings,
  size: number,
  limits: ExtractionLimits,
  ms: () => number,
  events: Events,
): void {
  const notes = [...findings.limits ?? []];
  // Serialized before anything is sent, so that what can't be serialized ends the run as an error.
  const observations = encodeObservations(module, findings.observations, notes);
  let raw = findings.raw === undefined || findings.raw === null
    ? null
    : encoder.encode(JSON.stringify(findings.raw));
  if (raw !== null && raw.length > OUTPUT.rawBytes) {
    notes.push(`${module}: raw of ${raw.length} bytes left out, the limit is ${OUTPUT.rawBytes}`);
    raw = null;
  }
  let attachment = findings.attachment ?? null;
  if (attachment !== null && attachment.gzip.length > OUTPUT.attachmentBytes) {
    notes.push(`${module}: attachment '${attachment.name}' of ${attachment.gzip.length} bytes left out`);
    attachment = null;
  }
  for (const child of boundChildren(module, findings.children ?? [], size, limits, notes)) {
    events.add({ type: "child", module, name: child.name }, [child.bytes]);
    events.flush();
  }
  events.add(
    {
      type: "end",
      module,
      status: "ok",
      ms: ms(),
      raw: raw !== null,
      attachment: attachment?.name ?? null,
      limits: notes.slice(0, 50).map((note) => note.slice(0, 500)),
    },
    [observations, ...raw ? [raw] : [], ...attachment ? [attachment.gzip] : []],
  );
}

function encodeObservations(module: string, all: Findings["observations"], notes: string[]): Uint8Array {
  let kept = all.length > OUTPUT.observations ? all.slice(0, OUTPUT.observations) : all;
  let json = encoder.encode(JSON.stringify(kept));
  while (json.length > OUTPUT.observationBytes) {
    kept = kept.slice(0, kept.length >> 1);
    json = encoder.encode(JSON.stringify(kept));
  }
  if (kept.length < all.length) notes.push(`${module}: ${kept.length} of ${all.length} observations kept`);
  return json;
}

function boundChildren(
  module: string,
  children: readonly ExtractedFile[],
  size: number,
  limits: ExtractionLimits,
  notes: string[],
): ExtractedFile[] {
  const most = Math.min(limits.maxBytes, limits.maxRatio * Math.max(size, 1024));
  let bytes = 0;
  const kept = children.filter((child) => {
    if (child.bytes.length > limits.maxFileBytes || bytes + child.bytes.length > most) return false;
    bytes += child.bytes.length;
    return true;
  }).slice(0, limits.maxChildren);
  if (kept.length < children.length) {
    notes.push(`${module}: ${kept.length} of ${children.length} children kept`);
  }
  return kept;
}
