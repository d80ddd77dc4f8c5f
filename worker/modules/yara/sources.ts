import { readRuleSources, type RuleSource } from "@assay/infra";
import { join } from "node:path";

/** Rules that come with the module. */
export const ownRules = join(import.meta.dirname!, "rules");

/** The rules of these files and folders; `own` for those that come with the module. @throws {Error} where they can't be read */
export function readSources(paths: readonly string[]): Promise<RuleSource[]> {
  return readRuleSources(paths, ownRules);
}
