import { isWithin, type Tlp, tlpLevels } from "@assay/core";
import { markingId } from "../stix/marking.ts";
import type { StixObject } from "../stix/object.ts";

/**
 * True where an object may go to who is cleared up to `ceiling`: it bears one level of TLP 2.0, and that is within it. Published objects
 * are made for their level already; this is looked at once more where they leave.
 */
export function mayLeave(object: StixObject, ceiling: Tlp): boolean {
  const allowed = tlpLevels.filter((level) => isWithin(level, ceiling)).map(markingId);
  if (object.type === "marking-definition") return allowed.includes(object.id);
  const marked = object["object_marking_refs"];
  return Array.isArray(marked) && marked.length === 1 && allowed.includes(String(marked[0]));
}
