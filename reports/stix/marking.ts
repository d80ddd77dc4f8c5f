import type { Tlp } from "@assay/core";
import { tlpLabel } from "../model/tlp.ts";
import type { StixObject } from "./object.ts";

/** The extension of marking definitions that carries TLP 2.0 (OASIS and FIRST). */
export const TLP_2 = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d";

/** Ids of the marking definitions of TLP 2.0. Those of TLP 1 look alike and are never used. */
const IDS: Readonly<Record<Tlp, string>> = {
  clear: "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
  green: "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
  amber: "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
  "amber+strict": "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
  red: "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1",
};

/** The id of a level's marking definition. */
export function markingId(tlp: Tlp): string {
  return IDS[tlp];
}

/** The marking definition of a level, exactly as published. */
export function markingDefinition(tlp: Tlp): StixObject {
  return {
    type: "marking-definition",
    spec_version: "2.1",
    id: IDS[tlp],
    created: "2022-10-01T00:00:00.000Z",
    name: tlpLabel(tlp),
    extensions: { [TLP_2]: { extension_type: "property-extension", tlp_2_0: tlp } },
  };
}

/** Marking definitions by id. */
export const markings: ReadonlyMap<string, StixObject> = new Map(
  (Object.keys(IDS) as Tlp[]).map((tlp) => [IDS[tlp], markingDefinition(tlp)]),
);
