import { existsClause, type Visibility } from "@assay/core";
import { compileQuery } from "../compile.ts";
import { type Aggregations, type CountedResult, type NumbersSource, resultOf } from "./ask.ts";
import { type CountedField, fieldWithValues } from "./field.ts";
import type { Facets, FacetsRequest } from "./numbers.ts";
import { listValues } from "./values.ts";

/** The most frequent values of fields in a result. */
export async function countFacets(
  source: NumbersSource,
  request: FacetsRequest,
  visibility: Visibility,
): Promise<Facets> {
  const names = [...new Set(request.fields)];
  const fields = names.map((name) => fieldWithValues(name, request.scope));
  const result = resultOf(source, request, visibility);
  const part = request.prefix === undefined || request.prefix === ""
    ? undefined
    : { text: request.prefix, at: "start" } as const;
  const { answer, lists } = await listValues(
    result,
    fields.map((field) => ({ field, size: request.size, order: "most", part })),
    Object.assign({}, ...fields.map((field, index) => without(field, result, `without${index}`))),
  );
  return {
    total: answer.total,
    items: lists.map((list, index) => ({
      field: fields[index]!.name,
      ...list,
      without: answer.aggregations[`without${index}`]!.doc_count!,
    })),
  };
}

/** Counts the documents in which the reader sees no value. */
export function without(field: CountedField, { context }: CountedResult, name = "without"): Aggregations {
  return {
    [name]: { filter: compileQuery({ type: "not", of: existsClause(field.name) }, context) },
  };
}
