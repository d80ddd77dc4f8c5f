import type { Visibility } from "@assay/core";
import type { StoredField } from "../storage.ts";
import { visibleEntries } from "../visibility.ts";
import { type Aggregate, type Aggregations, inside } from "./ask.ts";

/**
 * Aggregations where a field's values are kept: over documents, or over those of their submissions and annotations that
 * the reader may see. The one place where aggregations enter nested entries.
 */
export function within(
  place: StoredField,
  visibility: Visibility,
  aggregations: Aggregations,
): Aggregations[string] {
  if (place.nested === null) return { filter: { match_all: {} }, aggregations };
  const { path, filter } = visibleEntries(place.nested, visibility);
  return { nested: { path }, aggregations: { visible: { filter, aggregations } } };
}

/** The answers to {@link within}. */
export function answersOf(place: StoredField, aggregate: Aggregate): Aggregate {
  return place.nested ? inside(aggregate, "visible") : aggregate;
}

/** Inside {@link within}, what counts documents and not their entries. */
export function countingDocuments(place: StoredField): { aggregations?: Aggregations } {
  return place.nested ? { aggregations: { documents: { reverse_nested: {} } } } : {};
}

/** The documents of a bucket made with {@link countingDocuments}. */
export function documentsOf(place: StoredField, bucket: Aggregate): number {
  return (place.nested ? inside(bucket, "documents") : bucket).doc_count!;
}
