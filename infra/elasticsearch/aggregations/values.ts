import { equalsClause, valueTexts } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";
import { compileQuery } from "../compile.ts";
import { type Aggregate, type Aggregations, type Answer, ask, type CountedResult, inside } from "./ask.ts";
import type { CountedField } from "./field.ts";
import type { ValueList } from "./numbers.ts";
import { answersOf, countingDocuments, documentsOf, within } from "./place.ts";
import { sameTo } from "./spelling.ts";
import { beginsWith, type TextPart, valuePattern } from "./text_part.ts";

/** Which values of a field to list. */
export interface ValuesRequest {
  readonly field: CountedField;
  readonly size: number;
  readonly order: "most" | "fewest";
  /** Only values that hold this. */
  readonly part?: TextPart | undefined;
}

/** What a value's documents are counted by, until they are counted for all of its spellings together. */
interface Draft {
  readonly spelling: string;
  /** Of its most frequent place and spelling: it has at least so many. */
  readonly count: number;
  /** Of all places and spellings: where no document has two of them, it has so many. */
  readonly sum: number;
  /** True where the count is not yet that of all places and spellings. */
  readonly partial: boolean;
}

/** Values that are put together from several places, or spellings, are asked for in this number at least. */
const GATHERED = 200;
/** So many more than are listed are counted anew, since their order may change by it. */
const SPARE = 20;
/** What distinct values are counted exactly up to, about (HyperLogLog++). */
const PRECISION = 10_000;

/** Lists values of fields, together with other aggregations over the same result. */
export async function listValues(
  result: CountedResult,
  requests: readonly ValuesRequest[],
  others: Aggregations = {},
  options: Parameters<typeof ask>[2] = {},
): Promise<{ answer: Answer; lists: ValueList[] }> {
  const aggregations = { ...others };
  for (const [index, request] of requests.entries()) {
    for (const [at, place] of request.field.places.entries()) {
      aggregations[`values${index}_${at}`] = within(
        place,
        result.context.visibility,
        valuesAt(request, place),
      );
    }
  }
  const answer = await ask(result, aggregations, options);
  const drafts = requests.map((request, index) => {
    const answers = request.field.places.map((place, at) =>
      answersOf(place, answer.aggregations[`values${index}_${at}`]!)
    );
    return draftOf(request, answers, answer);
  });
  const counted = await recount(result, requests, drafts, options);
  return { answer, lists: drafts.map((draft, index) => listOf(requests[index]!, draft, counted[index]!)) };
}

function valuesAt(
  { field, size, order, part }: ValuesRequest,
  place: CountedField["places"][number],
): Aggregations {
  const include = part === undefined ? {} : valuePattern(field, part);
  const terms: estypes.AggregationsTermsAggregation = {
    field: place.path,
    size: Math.max(GATHERED, 2 * size),
    // Documents that have no value would otherwise tell those of hidden ones.
    min_doc_count: 1,
    order: [
      { [place.nested ? "documents" : "_count"]: order === "most" ? "desc" : "asc" },
      { _key: "asc" },
    ],
    ...include,
  };
  return {
    terms: { terms, ...countingDocuments(place) },
    distinct: { cardinality: { field: place.path, precision_threshold: PRECISION } },
  };
}

interface Drafts {
  /** Those first that may have the most documents, or the fewest. */
  readonly drafts: readonly Draft[];
  /** True where every value is among the drafts. */
  readonly complete: boolean;
  /** What a value that no place listed may count at most, or at least where the fewest are asked for. */
  readonly unseen: number;
  readonly reliable: boolean;
  readonly distinct: number;
}

function draftOf(request: ValuesRequest, answers: readonly Aggregate[], { shards, cut }: Answer): Drafts {
  const { field, part, order } = request;
  const spellings = new Map<string, { spelling: string; count: number; sum: number; times: number }>();
  let [complete, reliable, unseen, distinct] = [true, !cut, 0, 0];
  for (const [at, answer] of answers.entries()) {
    const terms = inside(answer, "terms");
    const place = field.places[at]!;
    const buckets = terms.buckets!;
    if (terms.sum_other_doc_count! > 0) {
      complete = false;
      const last = documentsOf(place, buckets.at(-1)!);
      unseen = order === "most" ? unseen + last : Math.max(unseen, last);
    }
    reliable &&= shards === 1 || terms.doc_count_error_upper_bound === 0;
    distinct += inside(answer, "distinct").value!;
    for (const bucket of buckets) {
      const spelling = String(bucket.key_as_string ?? bucket.key);
      // No query can ask for an empty value.
      if (spelling === "" || part !== undefined && !beginsWith(field, spelling, part)) continue;
      const key = sameTo(field, spelling);
      const known = spellings.get(key);
      const count = documentsOf(place, bucket);
      // The most frequent spelling stands for all.
      if (known === undefined) spellings.set(key, { spelling, count, sum: count, times: 1 });
      else {
        known.times++;
        known.sum += count;
        if (count > known.count) Object.assign(known, { spelling, count });
      }
    }
  }
  const repeated = [...spellings.values()].reduce((sum, { times }) => sum + times - 1, 0);
  const bound = order === "most" ? "sum" : "count";
  const sign = order === "most" ? -1 : 1;
  const drafts = Array.from(
    spellings.values(),
    ({ times, ...draft }) => ({ ...draft, partial: times > 1 || field.places.length > 1 }),
  ).sort((a, b) => sign * (a[bound] - b[bound]));
  return { drafts, complete, unseen, reliable, distinct: Math.max(drafts.length, distinct - repeated) };
}

/** Counts what is kept in several places or spellings by the query for it, so that none counts twice. */
async function recount(
  result: CountedResult,
  requests: readonly ValuesRequest[],
  drafts: readonly Drafts[],
  options: Parameters<typeof ask>[2],
): Promise<ReadonlyMap<string, number>[]> {
  const filters = requests.map(({ field, size }, index) =>
    Object.fromEntries(
      drafts[index]!.drafts.slice(0, size + SPARE).filter((draft) => draft.partial).map(({ spelling }) => [
        spelling,
        compileQuery(equalsClause(field.name, spelling), result.context),
      ]),
    )
  );
  const wanted = [...filters.entries()].filter(([, values]) => Object.keys(values).length > 0);
  const counts = requests.map(() => new Map<string, number>());
  if (wanted.length === 0) return counts;
  const aggregations = Object.fromEntries(
    wanted.map(([index, values]) => [`${index}`, { filters: { filters: Object.values(values) } }]),
  );
  const answer = await ask(result, aggregations, options);
  for (const [index, values] of wanted) {
    const { buckets } = answer.aggregations[`${index}`]!;
    for (const [at, spelling] of Object.keys(values).entries()) {
      counts[index]!.set(spelling, buckets![at]!.doc_count);
    }
  }
  return counts;
}

function listOf(
  { field, size, order, part }: ValuesRequest,
  { drafts, complete, unseen, reliable, distinct }: Drafts,
  counted: ReadonlyMap<string, number>,
): ValueList {
  const sign = order === "most" ? -1 : 1;
  const known = complete || part !== undefined ? drafts.length : distinct;
  const [first, rest] = [drafts.slice(0, size + SPARE), drafts.slice(size + SPARE)];
  const values = first.map(({ spelling, count }) => ({
    value: spelling,
    count: counted.get(spelling) ?? count,
  })).sort((a, b) => sign * (a.count - b.count) || (a.value < b.value ? -1 : 1)).slice(0, size);
  const last = values.at(-1)?.count ?? 0;
  // What is neither listed nor counted may stand in any place that a list was cut in.
  const bounds = [
    ...complete ? [] : [unseen],
    ...rest.slice(0, 1).map(({ sum, count, partial }) =>
      order === "fewest" ? count : partial ? sum + unseen : sum
    ),
  ];
  return {
    values: values.map((one) => ({ ...one, ...valueTexts(field.name, one.value) })),
    others: {
      count: Math.max(complete ? 0 : 1, known - values.length),
      exact: complete && reliable,
    },
    exact: reliable && bounds.every((bound) => sign * (last - bound) <= 0),
  };
}
