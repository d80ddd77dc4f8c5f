import { printQuery, type QueryField, spanClause, type Visibility } from "@assay/core";
import { type Aggregations, ask, type CountedResult, inside, type NumbersSource, resultOf } from "./ask.ts";
import { without } from "./facets.ts";
import { type CountedField, measuredField } from "./field.ts";
import { type Axis, chooseAxis, doublingAxis, readAxis, readEnd } from "./interval.ts";
import type { Histogram, HistogramRequest, Measure } from "./numbers.ts";
import { answersOf, countingDocuments, documentsOf, within } from "./place.ts";

/** The earliest and the last moment that a query can name. */
const TIME = { from: Date.UTC(1000, 0, 1), to: Date.UTC(10_000, 0, 1) - 1 };

/** How the values of a field of dates or numbers are spread over a result. */
export async function countHistogram(
  source: NumbersSource,
  request: HistogramRequest,
  visibility: Visibility,
): Promise<Histogram> {
  const field = measuredField(request.field, request.scope);
  const result = resultOf(source, request, visibility);
  const { now } = result.context;
  const from = request.from === undefined ? null : readEnd(field, request.from, "from", now);
  const to = request.to === undefined ? null : readEnd(field, request.to, "to", now);
  const found = from === null || to === null ? await ends(field, result) : null;
  const [min, max] = [from ?? found?.min ?? null, to ?? found?.max ?? null];
  const axis: Axis = min === null || max === null || max < min
    ? { interval: request.interval ?? null, edges: [] }
    // The given end itself is no longer part of it.
    : divide(field, request, min, to === null ? max : Math.max(min, before(field, max)));
  return await count(field, result, axis);
}

/** The last value before the end of a span. */
function before(field: QueryField, end: number): number {
  return field.type === "double" ? end - Math.abs(end) * Number.EPSILON : end - 1;
}

function divide(field: QueryField, request: HistogramRequest, min: number, max: number): Axis {
  if (request.interval !== undefined) return readAxis(field, min, max, request.interval);
  if (request.scale === "log") return doublingAxis(field, min, max);
  return chooseAxis(field, min, max, request.buckets);
}

/** The least and the greatest value in the result; null where there is none. */
async function ends(
  field: CountedField,
  result: CountedResult,
): Promise<{ min: number; max: number } | null> {
  const place = field.places[0]!;
  const aggregations: Aggregations = {
    min: { min: { field: place.path } },
    max: { max: { field: place.path } },
  };
  const answer = await ask(result, {
    ends: within(place, result.context.visibility, aggregations),
  });
  const found = answersOf(place, answer.aggregations["ends"]!);
  const [min, max] = [inside(found, "min").value ?? null, inside(found, "max").value ?? null];
  if (min === null || max === null) return null;
  if (field.type !== "date") return { min, max };
  return { min: Math.max(min, TIME.from), max: Math.min(max, TIME.to) };
}

async function count(
  field: CountedField,
  result: CountedResult,
  { interval, edges }: Axis,
): Promise<Histogram> {
  const place = field.places[0]!;
  const [first, last] = [edges[0], edges.at(-1)];
  const ranges = edges.slice(0, -1).map((from, index) => ({ key: `${index}`, from, to: edges[index + 1]! }));
  const outside = first === undefined ? [] : [{ key: "below", to: first }, { key: "above", from: last! }];
  const all = [...ranges, ...outside];
  const answer = await ask(result, {
    ...without(field, result),
    ...(all.length === 0 ? {} : {
      ranges: within(place, result.context.visibility, {
        buckets: {
          ...(field.type === "date"
            ? { date_range: { field: place.path, ranges: all, format: "epoch_millis" } }
            : { range: { field: place.path, ranges: all } }),
          ...countingDocuments(place),
        },
      }),
    }),
  });
  const counts = new Map<string, number>();
  if (all.length > 0) {
    const { buckets } = inside(answersOf(place, answer.aggregations["ranges"]!), "buckets");
    for (const bucket of buckets!) counts.set(String(bucket.key), documentsOf(place, bucket));
  }
  return {
    field: field.name,
    interval,
    total: answer.total,
    without: answer.aggregations["without"]!.doc_count!,
    below: counts.get("below") ?? 0,
    above: counts.get("above") ?? 0,
    buckets: ranges.map(({ key, from, to }) => {
      const ends = { from: measureOf(field, from), to: measureOf(field, to) };
      return {
        ...ends,
        count: counts.get(key) ?? 0,
        query: printQuery(spanClause(field.name, String(ends.from), String(ends.to))),
      };
    }),
  };
}

/** A number as the field means it: times in RFC 3339. */
export function measureOf(field: QueryField, value: number): Measure {
  return field.type === "date" ? new Date(value).toISOString() : value;
}
