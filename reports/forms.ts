import type { ExportFormat, ExportProfile, ReportSection } from "@assay/core";
import { renderCsv } from "./csv/render.ts";
import { renderHtml, renderHtmlMany } from "./html/render.ts";
import { renderJson } from "./json/render.ts";
import type { ReportModel } from "./model/model.ts";
import { renderPdfSource, renderPdfSourceMany } from "./pdf/render.ts";
import { encodeSource } from "./pdf/source.ts";
import type { StixSettings } from "./stix/context.ts";
import { renderStix } from "./stix/render.ts";
import type { Techniques } from "./stix/techniques.ts";
import { renderText } from "./text/render.ts";

/** How a report is to be made, every choice made. */
export interface FormOptions {
  readonly format: ExportFormat;
  readonly profile: ExportProfile;
  readonly defang: boolean;
  readonly sections: readonly ReportSection[];
}

/** What renderers use beside the model. */
export interface RenderTools {
  /** @throws {UnavailableError} where schemas or techniques aren't there */
  stix(): Omit<StixSettings, "profile">;
  /** The same; null where it isn't there. */
  bundles(): Omit<StixSettings, "profile"> | null;
  /** What techniques are called; null where that isn't there. */
  techniques(): Techniques | null;
}

/** Thrown by a renderer that lacks what has to be installed; its message says what. */
export class UnavailableError extends Error {
  override readonly name = "UnavailableError";
}

/** Makes a form of a report. Text is written as UTF-8. */
export type Render = (model: ReportModel, options: FormOptions, tools: RenderTools) => string | Uint8Array;

/**
 * The renderers by form, run in a renderer process each: bounded in time and memory, without files, network or programs. A form that has to
 * be finished by a program is finished in the service (`Finish` in `service/exporter.ts`).
 */
export const renderers: Readonly<Record<ExportFormat, Render>> = {
  json: (model) => renderJson(model),
  stix: (model, { profile }, tools) => renderStix(model, { ...tools.stix(), profile }),
  text: (model, { defang, sections }) => renderText(model, { defang, sections: new Set(sections) }),
  html: (model, { defang, sections }, tools) =>
    renderHtml(model, { defang, sections: new Set(sections), techniques: tools.techniques() }),
  pdf: (model, { defang, sections }, tools) =>
    encodeSource(renderPdfSource(model, {
      defang,
      sections: new Set(sections),
      techniques: tools.techniques(),
      stix: tools.bundles(),
    })),
  csv: (model, { defang }) => renderCsv(model, defang),
};

/** Makes one document of many reports; there is at least one. */
export type RenderMany = (
  models: readonly [ReportModel, ...ReportModel[]],
  options: FormOptions,
  tools: RenderTools,
) => string | Uint8Array;

/** The renderers of many reports by form, run as those of one; forms that are missing are joined from forms of one (`exports/file.ts`). */
export const manyRenderers: Readonly<Partial<Record<ExportFormat, RenderMany>>> = {
  html: (models, { defang, sections }, tools) =>
    renderHtmlMany(models, models[0].organisation, {
      defang,
      sections: new Set(sections),
      techniques: tools.techniques(),
    }),
  pdf: (models, { defang, sections }, tools) =>
    encodeSource(renderPdfSourceMany(models, models[0].organisation, {
      defang,
      sections: new Set(sections),
      techniques: tools.techniques(),
    })),
};
