import { type Context, marked } from "./context.ts";
import { observableId } from "./id.ts";
import type { StixObject } from "./object.ts";
import { peExtension } from "./pe.ts";
import { registeredType, stixHashes } from "./value.ts";

/** The sample, what lies in it, what it left and what it came out of. */
export interface Files {
  readonly sample: StixObject;
  readonly inside: readonly StixObject[];
  readonly dropped: readonly StixObject[];
  readonly parent: StixObject | null;
}

/** Files of the report as observables. Their digests and names make their ids, so nothing that changes goes on them. */
export function describeFiles(context: Context): Files {
  const { model } = context;
  const child = ({ sha256, name, size }: typeof model.children[number]) =>
    file(context, { hashes: { "SHA-256": sha256 }, size, ...(name !== "" && { name }) });
  const inside = once(model.children.filter(({ dropped }) => !dropped).map(child));
  const dropped = once(model.children.filter((one) => one.dropped).map(child));
  const extension = peExtension(model);
  const mime = registeredType(model.mime);
  const alone = file(context, {
    hashes: stixHashes(model.digests),
    size: model.size,
    ...(model.name !== null && model.name !== "" && { name: model.name }),
    ...(mime !== undefined && { mime_type: mime }),
    ...(extension !== null && { extensions: { "windows-pebinary-ext": extension } }),
  });
  const held = inside.filter(({ id }) => id !== alone.id);
  const { object_marking_refs, ...properties } = alone;
  const sample: StixObject = {
    ...properties as StixObject,
    ...(held.length > 0 && { contains_refs: held.map(({ id }) => id) }),
    object_marking_refs,
  };
  return {
    sample,
    inside: held,
    dropped: dropped.filter(({ id }) => id !== alone.id),
    parent: parentOf(context, sample),
  };
}

function parentOf(context: Context, sample: StixObject): StixObject | null {
  const { parent } = context.model;
  if (parent === null) return null;
  return file(context, { hashes: { "SHA-256": parent.sha256 }, contains_refs: [sample.id] });
}

function file(context: Context, properties: Record<string, unknown>): StixObject {
  return marked(context, {
    type: "file",
    spec_version: "2.1",
    id: observableId("file", properties),
    ...properties,
  });
}

/** The first of each id. */
export function once(objects: readonly StixObject[]): StixObject[] {
  return [...new Map(objects.toReversed().map((one) => [one.id, one])).values()].reverse();
}
