import type { ReportModel } from "../model/model.ts";
import { buildBundle } from "./build.ts";
import { checkBundle } from "./check/check.ts";
import type { StixSettings } from "./context.ts";

/**
 * The report as a bundle of STIX 2.1, checked. The same model gives the same bytes.
 * @throws {StixError} with everything that is wrong, instead of giving a bad bundle
 */
export function renderStix(model: ReportModel, settings: StixSettings): string {
  const bundle = buildBundle(model, settings);
  checkBundle(bundle, settings.schemas);
  return `${JSON.stringify(bundle)}\n`;
}
