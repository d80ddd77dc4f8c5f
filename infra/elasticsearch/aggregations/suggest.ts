import type { Clause, PatternParts, Visibility } from "@assay/core";
import { compileQuery } from "../compile.ts";
import type { Filter } from "../filter.ts";
import { type CountedResult, type NumbersSource, resultOf } from "./ask.ts";
import { type CountedField, fieldWithValues } from "./field.ts";
import type { SuggestionsRequest, ValueCount, ValueSuggestions } from "./numbers.ts";
import { MAX_PART_LENGTH, type TextPart } from "./text_part.ts";
import { listValues } from "./values.ts";

/** Documents that are looked through; who types waits for nobody. */
const LOOKED_THROUGH = 20_000;
/** Fewer letters are inside of too many values. */
const MIN_INSIDE = 3;

/** Values that begin with what is typed, then values that hold it, most frequent first. */
export async function suggestValues(
  source: NumbersSource,
  request: SuggestionsRequest,
  visibility: Visibility,
): Promise<ValueSuggestions> {
  const field = fieldWithValues(request.field, request.scope);
  const result = resultOf(source, request, visibility);
  const text = request.prefix.slice(0, MAX_PART_LENGTH);
  const begin = await list(field, result, request.size, { text, at: "start" });
  const missing = request.size - begin.values.length;
  if (missing === 0 || text.length < MIN_INSIDE) return begin;
  const hold = await list(field, result, request.size, { text, at: "anywhere" });
  const known = new Set(begin.values.map(({ value }) => value));
  const more = hold.values.filter(({ value }) => !known.has(value)).slice(0, missing);
  return { values: [...begin.values, ...more], exact: begin.exact && hold.exact };
}

async function list(
  field: CountedField,
  result: CountedResult,
  size: number,
  part: TextPart,
): Promise<{ values: readonly ValueCount[]; exact: boolean }> {
  const { lists } = await listValues(
    result,
    [{ field, size, order: "most", ...(part.text === "" ? {} : { part }) }],
    {},
    { ...narrowed(field, result, part), terminateAfter: LOOKED_THROUGH },
  );
  const [{ values, exact }] = lists as [typeof lists[number]];
  return { values, exact };
}

/** Only documents with such a value, so that a rare one is among those looked through. */
function narrowed(field: CountedField, { context }: CountedResult, part: TextPart): { filter?: Filter } {
  if (part.text === "" || part.at === "anywhere" || field.type === "ip" || field.type === "boolean") {
    return {};
  }
  const parts: PatternParts = [part.text, { wildcard: "*" }];
  const clause: Clause = {
    type: "clause",
    field: field.name,
    match: { type: "pattern", parts },
    place: { start: 0, end: 0 },
  };
  return { filter: compileQuery(clause, context) };
}
