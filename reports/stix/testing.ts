import type { ExportProfile } from "@assay/core";
import { testStixParts } from "../../infra/install/testing.ts";
import type { StixSettings } from "./context.ts";
import { readStixSchemas } from "./schemas.ts";
import { readTechniques } from "./techniques.ts";

let made: Promise<Omit<StixSettings, "profile">> | null = null;

/** Schemas and techniques out of the cache, fetched on first use. */
export async function testSettings(profile: ExportProfile = "default"): Promise<StixSettings> {
  made ??= (async () => {
    const { schemas, attack } = await testStixParts();
    return { schemas: await readStixSchemas(schemas), techniques: await readTechniques(attack) };
  })();
  return { ...await made, profile };
}
