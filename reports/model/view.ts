import { isWithin, type Tlp, type Visibility } from "@assay/core";

/**
 * Names what a reader sees of a report: all readers cleared to a level see the same, unless something is above it and he sees that
 * only because it is his own. Exports to different views have different ids, so that no two contents share one.
 */
export function viewOf(visibility: Visibility, levels: readonly Tlp[]): string {
  return seesOwn(visibility, levels) ? `${visibility.maxTlp}/${visibility.reader}` : visibility.maxTlp;
}

/** Without the reader, where who he is makes no difference. */
export function narrowed(visibility: Visibility, levels: readonly Tlp[]): Visibility {
  return seesOwn(visibility, levels) ? visibility : { reader: null, maxTlp: visibility.maxTlp };
}

function seesOwn({ maxTlp }: Visibility, levels: readonly Tlp[]): boolean {
  return levels.some((level) => !isWithin(level, maxTlp));
}
