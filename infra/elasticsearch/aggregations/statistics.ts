import { hasValues, type Visibility } from "@assay/core";
import { type Aggregate, type Aggregations, inside, type NumbersSource, resultOf } from "./ask.ts";
import { without } from "./facets.ts";
import { type CountedField, fieldOf, isMeasured } from "./field.ts";
import { measureOf } from "./histogram.ts";
import type { FieldStatistics, StatisticsRequest, ValueList } from "./numbers.ts";
import { answersOf, within } from "./place.ts";
import { listValues } from "./values.ts";

const PERCENTS = [1, 5, 25, 50, 75, 95, 99];
/** How many of the most and the least frequent values are listed. */
const LISTED = 10;

/** What can be said of a field's values in a result. */
export async function measureField(
  source: NumbersSource,
  request: StatisticsRequest,
  visibility: Visibility,
): Promise<FieldStatistics> {
  const field = fieldOf(request.field, request.scope);
  const result = resultOf(source, request, visibility);
  const orders = hasValues(field) ? ["most", "fewest"] as const : [];
  const place = field.places[0]!;
  const measures = isMeasured(field) ? { measures: within(place, visibility, measuresOf(place.path)) } : {};
  const { answer, lists } = await listValues(
    result,
    orders.map((order) => ({ field, size: LISTED, order })),
    { ...without(field, result), ...measures },
  );
  const missing = answer.aggregations["without"]!.doc_count!;
  const measured = isMeasured(field) ? answersOf(place, answer.aggregations["measures"]!) : null;
  const [top, rarest] = lists;
  return {
    field: field.name,
    type: field.type,
    total: answer.total,
    with: answer.total - missing,
    without: missing,
    distinct: measured !== null ? estimate(measured) : top === undefined ? null : distinctOf(top),
    range: measured === null ? null : rangeOf(field, measured),
    top: top ?? null,
    rarest: rarest ?? null,
  };
}

function measuresOf(field: string): Aggregations {
  return {
    min: { min: { field } },
    max: { max: { field } },
    average: { avg: { field } },
    percentiles: { percentiles: { field, percents: PERCENTS } },
    distinct: { cardinality: { field } },
  };
}

function estimate(measured: Aggregate): FieldStatistics["distinct"] {
  return { count: inside(measured, "distinct").value!, exact: false };
}

function distinctOf({ values, others }: ValueList): FieldStatistics["distinct"] {
  return { count: values.length + others.count, exact: others.exact };
}

function rangeOf(field: CountedField, measured: Aggregate): FieldStatistics["range"] {
  const min = inside(measured, "min").value ?? null;
  if (min === null) return null;
  const value = (name: string) => measureOf(field, inside(measured, name).value!);
  return {
    min: value("min"),
    max: value("max"),
    average: value("average"),
    percentiles: Object.entries(inside(measured, "percentiles").values!).map(([percent, at]) => ({
      percent: Number(percent),
      value: measureOf(field, at!),
    })),
  };
}
