import { fields, findField } from "../field/catalogue.ts";
import type { Completion } from "./complete.ts";
import { fieldFamilies, type QueryField } from "./field.ts";

/** Something to put in the place of what is being typed. */
export interface Suggestion {
  readonly kind: "field" | "operator" | "value" | "bound";
  /** As the query language writes it. */
  readonly text: string;
  readonly label: string;
  readonly description: string | null;
}

const operators = [
  ["AND", "Both must hold"],
  ["OR", "One must hold"],
  ["NOT", "What follows must not hold"],
] as const;

const times = [
  ["now-1h", "One hour ago"],
  ["now-1d", "One day ago"],
  ["now-7d", "Seven days ago"],
  ["now-30d", "Thirty days ago"],
  ["now-1y", "One year ago"],
] as const;

const known: readonly Suggestion[] = [
  ...fields.map(({ name, description }) => ({ label: name, text: `${name}:`, description })),
  // Of a family, the beginning that its members share.
  ...fieldFamilies.map(({ name, description }) => ({
    label: name,
    text: name.slice(0, name.indexOf("<")),
    description,
  })),
].map((field) => ({ kind: "field", ...field }));

/** True where a field's values can be listed: facets of the catalogue, metadata, and how modules ended. */
export function hasValues(field: Pick<QueryField, "name">): boolean {
  return findField(field.name)?.facet ?? /^(metadata|module)\./.test(field.name);
}

/** What may be typed there, values of the data apart: bounds, operators, then fields; at most `size`. */
export function suggestAt({ expects, field, typed }: Completion, size: number): Suggestion[] {
  const suggestions: Suggestion[] = [];
  if (field !== null && (expects.includes("bound") || expects.includes("value"))) {
    suggestions.push(...suggestBounds(field, typed, expects.includes("value")));
  }
  if (expects.includes("operator")) {
    for (const [operator, description] of operators) {
      if (!operator.startsWith(typed.toUpperCase())) continue;
      suggestions.push({ kind: "operator", text: `${operator} `, label: operator, description });
    }
  }
  if (expects.includes("field")) suggestions.push(...suggestFields(typed));
  return suggestions.slice(0, size);
}

/** Fields whose names begin with what is typed, then those with a part that does, then those that hold it; any case. */
function suggestFields(typed: string): Suggestion[] {
  const wanted = typed.toLowerCase();
  const rank = ({ label }: Suggestion) => {
    const name = label.toLowerCase();
    return name.startsWith(wanted) ? 0 : name.includes(`.${wanted}`) ? 1 : name.includes(wanted) ? 2 : 3;
  };
  return known.map((field) => ({ field, rank: rank(field) })).filter(({ rank }) => rank < 3)
    .sort((a, b) => a.rank - b.rank).map(({ field }) => field);
}

/** Times counted from now, for dates; an example for numbers. A comparison goes before where none is typed yet. */
function suggestBounds(field: QueryField, typed: string, compare: boolean): Suggestion[] {
  const before = compare ? ">=" : "";
  const bound = (text: string, description: string): Suggestion => ({
    kind: "bound",
    text: before + text,
    label: before + text,
    description,
  });
  if (field.type === "date") {
    return times.filter(([text]) => text.startsWith(typed)).map(([text, said]) => bound(text, said));
  }
  if (field.type !== "long" && field.type !== "double" || typed !== "") return [];
  return [bound(findField(field.name)!.example.replace(/^[<>]=?/, ""), findField(field.name)!.description)];
}
