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
