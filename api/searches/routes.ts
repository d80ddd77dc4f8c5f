import {
  Description,
  SavedSearch as CoreSavedSearch,
  SavedSearchId,
  SearchTerms,
  Sharing,
  ShelfName,
} from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { annotatorOf, mayAll, readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import { refusedShelf } from "../access/shelf.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, jsonBody, named } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { problems } from "../problem/problem.ts";

const SavedSearch = named(CoreSavedSearch, "SavedSearch");
const NewSavedSearch = z.strictObject({
  name: ShelfName,
  description: Description.nullable().default(null),
  tlp: Sharing.default(null).openapi({ description: "Who may see it; null for the owner alone" }),
  q: SearchTerms.shape.q,
  scope: SearchTerms.shape.scope.default("samples"),
  mode: SearchTerms.shape.mode.default("default"),
  sort: SearchTerms.shape.sort.default(null),
}).openapi("NewSavedSearch");
const tags = ["searches"];
const params = z.object({ id: SavedSearchId });

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/searches",
  operationId: "listSavedSearches",
  tags,
  summary: "Saved searches: one's own and those shared, newest first",
  request: { query: z.object(pageQuery) },
  responses: { 200: json(pageOf(SavedSearch, "SavedSearch"), "A page of searches"), ...problems(400) },
});

const create = createRoute({
  ...needs("annotate"),
  method: "post",
  path: "/searches",
  operationId: "createSavedSearch",
  tags,
  summary: "Save a search; one that could not run is refused with its place",
  request: { body: jsonBody(NewSavedSearch) },
  responses: { 201: json(SavedSearch, "The search"), ...problems(400, 409) },
});

const find = createRoute({
  ...needs("read"),
  method: "get",
  path: "/searches/{id}",
  operationId: "findSavedSearch",
  tags,
  summary: "One saved search",
  request: { params },
  responses: { 200: json(SavedSearch, "The search"), ...problems(400, 404) },
});

const change = createRoute({
  ...needs("annotate"),
  method: "put",
  path: "/searches/{id}",
  operationId: "changeSavedSearch",
  tags,
  summary: "Change one's own saved search",
  request: { params, body: jsonBody(NewSavedSearch) },
  responses: { 200: json(SavedSearch, "The search"), ...problems(400, 404, 409) },
});

const remove = createRoute({
  ...needs("annotate"),
  method: "delete",
  path: "/searches/{id}",
  operationId: "removeSavedSearch",
  tags,
  summary: "Delete one's own saved search; administrators may delete any that is shared",
  request: { params },
  responses: { 204: { description: "Deleted" }, ...problems(400, 404) },
});

/** Saved searches. */
export function savedSearchRoutes(api: ApiDependencies) {
  const router = createRouter();
  const what = (id: string) => `search '${id}'`;
  const check = ({ q, mode, scope, sort }: SearchTerms) =>
    api.search.check({ q, mode, scope, ...(sort !== null && { sort }) });

  router.openapi(list, async (c) => {
    const page = pageRequest(c.req.valid("query"));
    return c.json(sendPage(await api.searches.list(page, readerOf(c))), 200);
  });

  router.openapi(create, async (c) => {
    const search = c.req.valid("json");
    check(search);
    const made = await api.searches.create(search, annotatorOf(c));
    if (made === "name-taken") throw refusedShelf(made, "the search", search.name);
    await note(api.audit, c, "search.create", made.id, { tlp: search.tlp });
    return c.json(made, 201);
  });

  router.openapi(find, async (c) => {
    const { id } = c.req.valid("param");
    const found = await api.searches.find(id, readerOf(c));
    if (!found) throw refusedShelf("not-found", what(id));
    return c.json(found, 200);
  });

  router.openapi(change, async (c) => {
    const { id } = c.req.valid("param");
    const search = c.req.valid("json");
    check(search);
    const changed = await api.searches.change(id, search, readerOf(c));
    if (typeof changed === "string") throw refusedShelf(changed, what(id), search.name);
    await note(api.audit, c, "search.change", id, { tlp: search.tlp });
    return c.json(changed, 200);
  });

  router.openapi(remove, async (c) => {
    const { id } = c.req.valid("param");
    const end = await api.searches.remove(id, mayAll(c), readerOf(c));
    if (end !== "removed") throw refusedShelf(end, what(id));
    await note(api.audit, c, "search.delete", id);
    return c.body(null, 204);
  });

  return router;
}
