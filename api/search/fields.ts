import { fieldFamilies, fields, operators, operatorsOf } from "@assay/core";
import type { Operator, QueryField } from "@assay/core";
import { createRoute, type OpenAPIHono, z } from "@hono/zod-openapi";
import { needs } from "../access/scope.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { json } from "../app/json.ts";
import { problems } from "../problem/problem.ts";

const Operators = z.array(z.enum(Object.keys(operators) as [Operator, ...Operator[]]));

const common = {
  name: z.string(),
  type: z.enum(["keyword", "name", "text", "long", "double", "date", "ip", "boolean"]),
  description: z.string(),
  example: z.string(),
  operators: Operators.openapi({ description: "What can be asked of it, as `operators` below are written" }),
  advanced: Operators.openapi({ description: "What mode `advanced` can ask of it beside" }),
};

const SearchField = z.object({
  ...common,
  facet: z.boolean().openapi({ description: "True where counting values makes sense" }),
  sortable: z.boolean().openapi({ description: "True where hits can be ordered by it" }),
}).openapi("SearchField");

const SearchFields = z.object({
  items: z.array(SearchField),
  families: z.array(z.object({ ...common, pattern: z.string() }).openapi("SearchFamily")).openapi({
    description:
      "Fields whose names submitters and modules make; `pattern` is a regular expression of their names",
  }),
  operators: z.record(z.string(), z.string()).openapi({ description: "How each operator is written" }),
}).openapi("SearchFields");

const listFields = createRoute({
  ...needs("read"),
  method: "get",
  path: "/search/fields",
  operationId: "listSearchFields",
  tags: ["search"],
  summary: "Fields that queries can name, and what can be asked of them",
  responses: { 200: json(SearchFields, "All fields"), ...problems() },
});

const answer: z.infer<typeof SearchFields> = {
  items: fields.map((field) => {
    const { name, type, description, example, facet, sortable } = field;
    return { name, type, description, example, facet, sortable, ...taken(field) };
  }),
  families: fieldFamilies.map(({ name, type, description, example, pattern, submission }) => ({
    name,
    type,
    description,
    example,
    pattern: pattern.source,
    ...taken({ name, type, letters: "any", submission, annotation: false, many: true }),
  })),
  operators: { ...operators },
};

/** `/search/fields`. */
export function fieldRoutes(router: OpenAPIHono<ApiEnvironment>): void {
  router.openapi(listFields, (c) => c.json(answer, 200));
}

function taken(field: QueryField) {
  const { always, advanced } = operatorsOf(field);
  return { operators: [...always], advanced: [...advanced] };
}
