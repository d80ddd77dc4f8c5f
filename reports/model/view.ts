import { isWithin, type Tlp, type Visibility } from "@assay/core";

/**
 * Names what a reader sees of a report: all readers cleared to a level see the same, unless something is above it and he sees that
 * only because it is his own. Exports to different views have different ids, so that no two contents share one.
 */
export function viewOf(visibility: Visibility, levels: readonly Tlp[]): string {
  const own = levels.some((level) => !isWithin(level, visibility.maxTlp));
  return own ? `${visibility.maxTlp}/${visibility.reader}` : visibility.maxTlp;
}
