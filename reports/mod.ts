/** One report model and its renderers. */
export { makeModel, type ModelInput } from "./model/build.ts";
export * from "./model/defang.ts";
export * from "./model/model.ts";
export { isShown, shown, shownLines, wellFormed } from "./model/shown.ts";
export { statementOf, tlpLabel } from "./model/tlp.ts";
export { viewOf } from "./model/view.ts";
export { renderCsv } from "./csv/render.ts";
export { renderJson } from "./json/render.ts";
export { EXPORT_VERSION, exportSchema, ReportExport } from "./json/schema.ts";
export { renderText } from "./text/render.ts";
export { checkBundle } from "./stix/check/check.ts";
export { type Finding as StixFinding, StixError } from "./stix/check/finding.ts";
export { buildBundle } from "./stix/build.ts";
export type { StixSettings } from "./stix/context.ts";
export type { StixBundle, StixObject } from "./stix/object.ts";
export { renderStix } from "./stix/render.ts";
export { readStixSchemas, type StixSchemas } from "./stix/schemas.ts";
export { readTechniques, type Technique, type Techniques } from "./stix/techniques.ts";
