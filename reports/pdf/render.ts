import { reportSections, type Timestamp } from "@assay/core";
import { renderHtml, renderHtmlMany } from "../html/render.ts";
import { PLACES, placesOf } from "../html/places.ts";
import type { HtmlOptions } from "../html/part.ts";
import type { Organisation, ReportModel } from "../model/model.ts";
import { byText } from "../model/order.ts";
import { strictest, tlpLabel } from "../model/tlp.ts";
import { renderStix } from "../stix/render.ts";
import type { StixSettings } from "../stix/context.ts";
import type { Attachment, PdfSource } from "./source.ts";

/** How a PDF is made: as HTML is, with a bundle inside where it can be made. */
export interface PdfOptions extends HtmlOptions {
  readonly stix: Omit<StixSettings, "profile"> | null;
}

/**
 * What a PDF of the report is printed from: its page, and its bundle of STIX as attachment unless only some parts are asked for, since the
 * bundle has all.
 * @throws {StixError} where the bundle is wrong
 */
export function renderPdfSource(model: ReportModel, options: PdfOptions): PdfSource {
  const whole = reportSections.every((name) => options.sections.has(name));
  return {
    html: renderHtml(model, options),
    title: `${tlpLabel(model.tlp)} Malware analysis report ${model.sha256}`,
    author: model.organisation.name,
    modified: model.modified,
    places: PLACES,
    attachment: whole && options.stix !== null ? bundleOf(model, options.stix) : null,
  };
}

/** What a PDF of many reports is printed from; see {@link renderHtmlMany} for how many. It has no attachment. */
export function renderPdfSourceMany(
  models: readonly ReportModel[],
  organisation: Organisation,
  options: HtmlOptions,
): PdfSource {
  const html = renderHtmlMany(models, organisation, options);
  const modified: Timestamp = models.map((model) => model.modified).toSorted(byText).at(-1)!;
  return {
    html,
    title: `${tlpLabel(strictest(models.map(({ tlp }) => tlp)))} Malware analysis reports (${models.length})`,
    author: organisation.name,
    modified,
    places: placesOf(models),
    attachment: null,
  };
}

function bundleOf(model: ReportModel, stix: Omit<StixSettings, "profile">): Attachment {
  return {
    name: `report-${model.id}.stix.json`,
    mediaType: "application/stix+json;version=2.1",
    description: "The report as a bundle of STIX 2.1",
    text: renderStix(model, { ...stix, profile: "default" }),
  };
}
