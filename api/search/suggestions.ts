import { completionAt, hasValues, suggestAt } from "@assay/core";
import type { ValueCount } from "@assay/infra";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { json } from "../app/json.ts";
import { ProblemError, problems } from "../problem/problem.ts";
import { countedQuery, FieldName, signalOf } from "./counted.ts";

const Suggestion = z.object({
  kind: z.enum(["field", "operator", "value", "bound"]),
  /** What to put in the place of what is typed, as the query language writes it. */
  text: z.string(),
  /** How to show it. */
  label: z.string(),
  description: z.string().nullable(),
  /** Documents with that value. */
  count: z.int().nullable(),
}).openapi("Suggestion");
type Suggestion = z.infer<typeof Suggestion>;

const Suggestions = z.object({
  /** What may be typed there. */
  expects: z.array(z.enum(["field", "operator", "value", "bound"])),
  /** The field whose value is typed. */
  field: z.string().nullable(),
  typed: z.string(),
  /** What a suggestion replaces in `text`: UTF-16 offsets; null where only a field was named. */
  place: z.object({ start: z.int(), end: z.int() }).nullable(),
  items: z.array(Suggestion),
  /** False where only a part of the documents was looked through. */
  exact: z.boolean(),
}).openapi("SearchSuggestions");

const suggest = createRoute({
  ...needs("read"),
  method: "get",
  path: "/search/suggestions",
  operationId: "suggest",
  tags: ["search"],
  summary: "Suggest fields, operators and values while a query is typed",
  request: {
    query: z.object({
      ...countedQuery,
      q: countedQuery.q.openapi({ description: "Only values of what this query finds" }),
      size: z.coerce.number().int().min(1).max(50).default(10),
      text: z.string().max(10_240).optional().openapi({ description: "The query that is being typed" }),
      at: z.coerce.number().int().min(0).optional().openapi({
        description: "Where the cursor is in `text`, in UTF-16 units; its end by default",
      }),
      field: FieldName.optional().openapi({
        description: "In place of `text`: the field whose values are wanted",
      }),
      prefix: z.string().max(500).default("").openapi({ description: "How values of `field` begin" }),
    }),
  },
  responses: { 200: json(Suggestions, "What may be typed there, best first"), ...problems(400, 503, 504) },
});

/** `GET /search/suggestions`. */
export function suggestionRoutes(router: OpenAPIHono<ApiEnvironment>, api: ApiDependencies): void {
  router.openapi(suggest, async (c) => {
    const { text, at, field, prefix, ...request } = c.req.valid("query");
    if ((text === undefined) === (field === undefined)) {
      throw new ProblemError("invalid-request", "Cannot suggest: expected either 'text' or 'field'");
    }
    const valuesOf = async (name: string, typed: string) =>
      await api.numbers.suggestions(
        { ...request, field: name, prefix: typed, signal: signalOf(api, c) },
        readerOf(c),
      );
    if (field !== undefined) {
      const { values, exact } = await valuesOf(field, prefix);
      const items = values.map((value) => valueItem(field, value));
      return c.json({ expects: ["value" as const], field, typed: prefix, place: null, items, exact }, 200);
    }
    const typing = completionAt(text!, at ?? text!.length, request.mode);
    const listed = typing.expects.includes("value") && typing.field !== null && hasValues(typing.field)
      ? await valuesOf(typing.field.name, typing.typed)
      : { values: [], exact: true };
    const whole = text![typing.place.start - 1] === "=";
    const values = listed.values.map((value) => valueItem(typing.field!.name, value, whole));
    const others = suggestAt(typing, request.size).map((one) => ({ ...one, count: null }));
    return c.json({
      expects: [...typing.expects],
      field: typing.field?.name ?? null,
      typed: typing.typed,
      place: { ...typing.place },
      items: [...values, ...others].slice(0, request.size),
      exact: listed.exact,
    }, 200);
  });
}

/** A value as it is written behind the field's name, and behind a `=` that is there already. */
function valueItem(field: string, { value, count, include }: ValueCount, whole = false): Suggestion {
  const text = include.slice(field.length + 1);
  return {
    kind: "value",
    text: whole ? text.replace(/^=/, "") : text,
    label: value,
    description: null,
    count,
  };
}
