import type { ReportModel } from "../model/model.ts";
import { SECTIONS } from "./sections.ts";

/** What the places are called that the links of a report's page lead to, by their ids. */
export const PLACES: Readonly<Record<string, string>> = Object.fromEntries(
  SECTIONS.map(([name, title]) => [name, title]),
);

/** The same for a page of many reports. */
export function placesOf(models: readonly ReportModel[]): Record<string, string> {
  return Object.fromEntries(models.map(({ name, sha256 }, i) => [`r${i + 1}-report`, name ?? sha256]));
}
