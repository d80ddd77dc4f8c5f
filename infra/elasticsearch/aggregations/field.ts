import { hasValues, nearestField, type QueryField, queryField } from "@assay/core";
import { type Scope, type StoredField, storedFields } from "../storage.ts";

/** Thrown for a field that a number can't be told of. */
export class FieldError extends RangeError {
  override readonly name = "FieldError";
}

/** A field with the places that its values are counted in. */
export interface CountedField extends QueryField {
  readonly places: readonly StoredField[];
}

/** The field of that name. @throws {FieldError} where there is none, or documents of that scope don't have it */
export function fieldOf(name: string, scope: Scope): CountedField {
  const field = queryField(name);
  if (field === undefined) {
    const near = nearestField(name);
    const hint = near === null ? "" : ` (did you mean '${near}'?)`;
    throw new FieldError(`Cannot count: expected the name of a field, got '${name.slice(0, 80)}'${hint}`);
  }
  const places = storedFields(field, scope);
  if (places.length === 0) {
    throw new FieldError(`Cannot count '${field.name}' of reports: notes belong to samples`);
  }
  return { ...field, places };
}

/** True where its values have an order to measure by. */
export function isMeasured(field: QueryField): boolean {
  return field.type === "date" || field.type === "long" || field.type === "double";
}

/** The field of that name, whose values can be listed. @throws {FieldError} */
export function fieldWithValues(name: string, scope: Scope): CountedField {
  const field = fieldOf(name, scope);
  if (!hasValues(field)) {
    throw new FieldError(
      `Cannot list values of '${field.name}': expected a field with 'facet' in GET /search/fields`,
    );
  }
  return field;
}

/** The field of that name, which holds dates or numbers. @throws {FieldError} */
export function measuredField(name: string, scope: Scope): CountedField {
  const field = fieldOf(name, scope);
  if (!isMeasured(field)) {
    throw new FieldError(`Cannot divide '${field.name}': expected a date or a number, got a ${field.type}`);
  }
  return field;
}
