import { equalsClause, fields as catalogue, valueTexts, type Visibility } from "@assay/core";
import { compileQuery } from "../compile.ts";
import { visibleDocuments } from "../visibility.ts";
import {
  type Aggregate,
  type Aggregations,
  ask,
  type CountedResult,
  type NumbersSource,
  resultOf,
} from "./ask.ts";
import { type CountedField, fieldWithValues } from "./field.ts";
import type { SignificantRequest, SignificantValue, SignificantValues } from "./numbers.ts";
import { sameTo } from "./spelling.ts";
import { listValues } from "./values.ts";

/** Values that may stand out, of each field, for each one that is asked for. */
const CANDIDATES = 3;
/** Documents that candidates are looked for in, where there are more than twice as many. */
const LOOKED_THROUGH = 10_000;

/** Values that stand out in a result against everything that the reader may see. */
export async function findSignificant(
  source: NumbersSource,
  request: SignificantRequest,
  visibility: Visibility,
  lookedThrough = LOOKED_THROUGH,
): Promise<SignificantValues> {
  const names = request.fields ?? catalogue.filter((field) => field.facet).map((field) => field.name);
  const fields = [...new Set(names)].map((name) => fieldWithValues(name, request.scope));
  const result = resultOf(source, request, visibility);
  const everything = resultOf(source, { ...request, q: "", mode: "default" }, visibility);
  const { total: background, aggregations } = await ask(everything, { result: { filter: result.filter } });
  const total = aggregations["result"]!.doc_count!;
  // All of everything stands out against nothing.
  if (total === 0 || total === background) return { total, background, sampled: false, items: [] };
  const part = total <= 2 * lookedThrough ? null : lookedThrough / total;
  const candidates = await findCandidates(fields, result, { total, size: request.size, part });
  const [inResult, inAll] = [
    await countEach(candidates, result),
    await countEach(candidates, everything),
  ];
  const items = candidates.map(({ field, values }, index) => ({
    field: field.name,
    values: values.map((value, at): SignificantValue => {
      const [count, backgroundCount] = [inResult[index]![at]!, inAll[index]![at]!];
      const score = jlh(count / total, backgroundCount / background);
      return { value, count, backgroundCount, score, ...valueTexts(field.name, value) };
    }).filter(({ score, count }) => score > 0 && count >= leastCount(total))
      .sort((a, b) => b.score - a.score || b.count - a.count).slice(0, request.size),
  })).filter(({ values }) => values.length > 0);
  items.sort((a, b) => b.values[0]!.score - a.values[0]!.score);
  return { total, background, sampled: part !== null, items };
}

/** In a large result a value of few documents stands out by chance. */
function leastCount(total: number): number {
  return total >= 100 ? 3 : total >= 10 ? 2 : 1;
}

/**
 * How much a value stands out: the absolute change of its share times the relative one, which favours neither the
 * common nor the rare (the JLH score of Elasticsearch's significant terms). 0 where its share doesn't grow.
 */
export function jlh(share: number, backgroundShare: number): number {
  return share <= backgroundShare ? 0 : (share - backgroundShare) * (share / backgroundShare);
}

interface Candidates {
  readonly field: CountedField;
  readonly values: readonly string[];
}

async function findCandidates(
  fields: readonly CountedField[],
  result: CountedResult,
  { total, size, part }: { total: number; size: number; part: number | null },
): Promise<Candidates[]> {
  // Elasticsearch compares documents with documents: values of submissions are compared by us, the frequent ones.
  const [simple, gathered] = [
    fields.filter((field) => isSimple(field)),
    fields.filter((field) => !isSimple(field)),
  ];
  const compared: Aggregations = Object.fromEntries(simple.map((field) => [field.name, {
    significant_terms: {
      field: field.places[0]!.path,
      size: CANDIDATES * size,
      // Elasticsearch takes no other least count in a sample.
      min_doc_count: part === null ? leastCount(total) : 1,
      background_filter: visibleDocuments(result.context.visibility, result.context.scope),
      jlh: {},
    },
  }]));
  const { answer, lists } = await listValues(
    result,
    gathered.map((field) => ({ field, size: 2 * CANDIDATES * size, order: "most" })),
    // Candidates of a large result are found in a part of it, always the same; they are counted in all of it.
    part === null ? compared : {
      sample: { random_sampler: { probability: part, seed: 1 }, aggregations: compared },
    },
  );
  const found = part === null ? answer.aggregations : answer.aggregations["sample"]!;
  return fields.map((field) => ({
    field,
    values: isSimple(field)
      ? spellings(field, (found as Readonly<Record<string, Aggregate>>)[field.name]!)
      : lists[gathered.indexOf(field)]!.values.map(({ value }) => value),
  }));
}

function isSimple({ places }: CountedField): boolean {
  return places.length === 1 && !places[0]!.nested;
}

/** The values that Elasticsearch found, one spelling of each, the most significant first. */
function spellings(field: CountedField, { buckets }: Aggregate): string[] {
  const values = new Map<string, string>();
  for (const bucket of buckets!) {
    const value = String(bucket.key_as_string ?? bucket.key);
    const key = sameTo(field, value);
    if (value !== "" && !values.has(key)) values.set(key, value);
  }
  return [...values.values()];
}

/** The documents of each candidate, by the query for it. */
async function countEach(candidates: readonly Candidates[], result: CountedResult): Promise<number[][]> {
  const wanted = candidates.filter(({ values }) => values.length > 0);
  const answer = await ask(
    result,
    Object.fromEntries(wanted.map(({ field, values }) => [field.name, {
      filters: {
        filters: values.map((value) => compileQuery(equalsClause(field.name, value), result.context)),
      },
    }])),
  );
  return candidates.map(({ field, values }) =>
    values.length === 0 ? [] : answer.aggregations[field.name]!.buckets!.map((bucket) => bucket.doc_count)
  );
}
