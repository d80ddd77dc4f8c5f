import { type Tlp, tlpLevels } from "@assay/core";
import { strictest } from "../model/tlp.ts";
import { markings, TLP_2 } from "../stix/marking.ts";
import type { StixObject } from "../stix/object.ts";

/** The marking definitions of TLP 1 (STIX 2.1, 7.2.1.4): what each level is now. */
const TLP_1: ReadonlyMap<string, Tlp> = new Map([
  ["marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9", "clear"],
  ["marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da", "green"],
  ["marking-definition--f88d31f6-486f-44da-b317-01333bde0b82", "amber"],
  ["marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed", "red"],
]);

/** The level of an object: the most restricted that it is marked with, in whole or in part; or why that can't be known. */
export type LevelReading = { readonly tlp: Tlp } | { readonly why: string };

/**
 * The level of an object by its markings, `unmarked` where it has none of TLP. A marking that nobody here knows may say
 * anything, so an object that bears one is not taken.
 */
export function levelOf(
  object: StixObject,
  definitions: ReadonlyMap<string, StixObject>,
  unmarked: Tlp,
): LevelReading {
  const granular = Array.isArray(object["granular_markings"]) ? object["granular_markings"] : [];
  const ids = [
    ...listOf(object["object_marking_refs"]),
    ...granular.map((one) => (one as { marking_ref?: unknown }).marking_ref).filter((id) => id !== undefined),
  ];
  const levels: Tlp[] = [];
  for (const id of ids) {
    const level = levelOfMarking(String(id), definitions);
    if (level === undefined) {
      return { why: `object_marking_refs: expected a marking that is known, got '${id}'` };
    }
    if (level !== null) levels.push(level);
  }
  return { tlp: levels.length === 0 ? unmarked : strictest(levels) };
}

/** Null for a marking that is no level; undefined for one that isn't known. */
function levelOfMarking(id: string, definitions: ReadonlyMap<string, StixObject>): Tlp | null | undefined {
  const known = levelIn(markings.get(id)) ?? TLP_1.get(id);
  if (known !== undefined) return known;
  const definition = definitions.get(id);
  if (definition === undefined) return undefined;
  const named = levelIn(definition) ?? levelNamed(definition);
  if (named !== undefined) return named;
  return definition["definition_type"] === "statement" ? null : undefined;
}

function levelIn(definition: StixObject | undefined): Tlp | undefined {
  const extensions = definition?.["extensions"] as Record<string, { tlp_2_0?: unknown }> | undefined;
  return tlpLevels.find((level) => level === extensions?.[TLP_2]?.tlp_2_0);
}

function levelNamed({ definition_type: type, definition }: StixObject): Tlp | undefined {
  if (type !== "tlp") return undefined;
  const said = String((definition as { tlp?: unknown } | undefined)?.tlp).toLowerCase();
  return said === "white" ? "clear" : tlpLevels.find((level) => level === said);
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}
