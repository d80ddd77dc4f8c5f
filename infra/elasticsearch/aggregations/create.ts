import type { NumbersSource } from "./ask.ts";
import { countFacets } from "./facets.ts";
import { countHistogram } from "./histogram.ts";
import type { SearchNumbers } from "./numbers.ts";
import { findSignificant } from "./significant.ts";
import { measureField } from "./statistics.ts";
import { suggestValues } from "./suggest.ts";

/** Numbers about results in that source. */
export function createNumbers(source: NumbersSource): SearchNumbers {
  return {
    facets: (request, visibility) => countFacets(source, request, visibility),
    histogram: (request, visibility) => countHistogram(source, request, visibility),
    statistics: (request, visibility) => measureField(source, request, visibility),
    suggestions: (request, visibility) => suggestValues(source, request, visibility),
    significant: (request, visibility) => findSignificant(source, request, visibility),
  };
}
