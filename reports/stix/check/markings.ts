import { markings } from "../marking.ts";
import type { StixObject } from "../object.ts";
import type { BundleIds } from "./references.ts";

/** Markings: exactly one level of TLP 2.0 on every object, its definition in the bundle exactly as published. */
export function checkMarkings(object: StixObject, ids: BundleIds): string[] {
  if (object.type === "marking-definition") {
    return JSON.stringify(object) === JSON.stringify(markings.get(object.id))
      ? []
      : ["expected a level of TLP 2.0 as published"];
  }
  const named = object.object_marking_refs;
  if (!Array.isArray(named) || named.length !== 1) return ["object_marking_refs: expected exactly one"];
  const id: unknown = named[0];
  if (typeof id !== "string" || !markings.has(id)) {
    return [`object_marking_refs: expected TLP 2.0, got '${id}'`];
  }
  return ids.has(id) ? [] : ["object_marking_refs: expected its definition in the bundle"];
}
