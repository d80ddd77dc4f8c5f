import { isObservable } from "../id.ts";
import type { StixObject } from "../object.ts";

/** What a property may point at: types, or any observable, or any object. */
const TARGETS: Readonly<Record<string, readonly string[] | "observable" | "any">> = {
  created_by_ref: ["identity"],
  parent_directory_ref: ["directory"],
  contains_refs: "observable",
  sample_ref: ["file"],
  sample_refs: ["file"],
  analysis_sco_refs: "observable",
  object_marking_refs: ["marking-definition"],
  source_ref: "any",
  target_ref: "any",
};

/** Ids of the objects of a bundle. */
export type BundleIds = Pick<ReadonlySet<string>, "has">;

/** References: each to an object of the bundle, of a type that it may point at, and never to itself. */
export function checkReferences(object: StixObject, ids: BundleIds): string[] {
  return Object.entries(object).flatMap(([name, value]) => {
    if (!name.endsWith("_ref") && !name.endsWith("_refs")) return [];
    const list: unknown[] = Array.isArray(value) ? value : [value];
    const allowed = name === "object_refs"
      ? object.type === "observed-data" ? "observable" as const : "any" as const
      : TARGETS[name];
    const twice = new Set(list).size < list.length ? [`${name}: names one object twice`] : [];
    return [...twice, ...list.flatMap((id) => problemOf(object, name, id, allowed, ids))];
  });
}

function problemOf(
  object: StixObject,
  name: string,
  id: unknown,
  allowed: (typeof TARGETS)[string] | undefined,
  ids: BundleIds,
): string[] {
  if (allowed === undefined) return [`${name}: expected a property that Assay writes`];
  if (typeof id !== "string" || !ids.has(id)) {
    return [`${name}: expected an object of the bundle, got '${id}'`];
  }
  if (id === object.id) return [`${name}: points at the object itself`];
  const type = id.split("--")[0]!;
  const fits = allowed === "any" || (allowed === "observable" ? isObservable(type) : allowed.includes(type));
  return fits ? [] : [`${name}: expected ${[allowed].flat().join(" or ")}, got '${type}'`];
}
