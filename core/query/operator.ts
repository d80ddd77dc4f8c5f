import type { FieldType } from "../field/catalogue.ts";
import type { QueryField } from "./field.ts";

/** What a clause can ask of a field, with how it is written. */
export const operators = {
  equals: "field:value",
  whole: "field:=value",
  prefix: "field:start*",
  suffix: "field:*end",
  wildcard: "field:a*b?c",
  anywhere: "field:*part*",
  range: "field:>=from, field:[from TO to]",
  block: "field:10.0.0.0/8",
  exists: "field:*",
  regexp: "field:/expression/",
} as const;

/** The name of an operator. */
export type Operator = keyof typeof operators;

const byType: Readonly<Record<FieldType, readonly Operator[]>> = {
  keyword: ["equals", "prefix", "suffix", "wildcard", "anywhere", "exists", "regexp"],
  name: ["equals", "whole", "prefix", "suffix", "wildcard", "anywhere", "exists", "regexp"],
  text: ["equals", "prefix", "suffix", "wildcard", "anywhere", "exists", "regexp"],
  long: ["equals", "range", "exists"],
  double: ["equals", "range", "exists"],
  date: ["equals", "range", "exists"],
  ip: ["equals", "block", "range", "exists"],
  boolean: ["equals", "exists"],
};

/** The operators that a field takes: in every mode, and only in mode `advanced`. */
export function operatorsOf(
  field: QueryField,
): { readonly always: readonly Operator[]; readonly advanced: readonly Operator[] } {
  const all = byType[field.type];
  if (isFlattened(field)) return { always: ["equals", "prefix", "exists"], advanced: [] };
  const costly = new Set<Operator>(["regexp"]);
  if (field.type === "text") {
    for (const one of ["suffix", "wildcard", "anywhere"] as const) {
      costly.add(one);
    }
  }
  if (field.many) costly.add("anywhere");
  if (field.many && field.type !== "name") costly.add("suffix");
  return {
    always: all.filter((operator) => !costly.has(operator)),
    advanced: all.filter((operator) => costly.has(operator)),
  };
}

/** Families keep their values together, where only whole ones and their starts can be looked up. */
export function isFlattened(field: QueryField): boolean {
  return /^(raw|metadata|module)\./.test(field.name);
}
