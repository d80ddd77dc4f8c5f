import type { Sha256, Tlp } from "@assay/core";
import type { NewVersion } from "@assay/infra";
import type { TestApi } from "../app/testing.ts";

/** Where the one API root is. */
export const ROOT = "/taxii2/assay/";

/** An indicator of that number, as STIX has it. */
export function testObject(number: number, modified = "2026-01-01T00:00:00.000Z"): NewVersion {
  const id = `indicator--00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const content = {
    type: "indicator",
    spec_version: "2.1",
    id,
    created: "2026-01-01T00:00:00.000Z",
    modified,
    name: `number ${number}`,
    indicator_types: ["malicious-activity"],
    pattern: "[file:name = 'x']",
    pattern_type: "stix",
    valid_from: "2026-01-01T00:00:00Z",
  };
  return {
    id,
    type: "indicator",
    specVersion: "2.1",
    version: modified,
    revoked: false,
    content: JSON.stringify(content),
    replaces: false,
  };
}

/** The collection of a level. */
export async function collectionOf(api: TestApi, tlp: Tlp): Promise<string> {
  return (await api.publishing.collections()).find((one) => one.tlp === tlp && one.search === null)!.id;
}

/** Adds versions in one transaction. */
export async function addVersions(
  api: TestApi,
  collection: string,
  versions: readonly NewVersion[],
): Promise<void> {
  const sha256 = "0".repeat(64) as Sha256;
  await api.publishing.touch([sha256]);
  const sample = (await api.publishing.due(100)).find((one) => one.sha256 === sha256)!;
  if (!await api.publishing.write(sample, (transaction) => transaction.add(collection, versions))) {
    await addVersions(api, collection, versions);
  }
}
