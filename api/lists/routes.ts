import {
  Description,
  ListedSample as CoreListedSample,
  ListId,
  SampleList as CoreSampleList,
  Sha256,
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

const SampleList = named(CoreSampleList, "SampleList");
const ListedSample = named(CoreListedSample, "ListedSample");
const Label = z.strictObject({
  name: ShelfName,
  description: Description.nullable().default(null),
  tlp: Sharing.default(null).openapi({ description: "Who may see it; null for the owner alone" }),
}).openapi("ListLabel");
const Changed = z.object({ changed: z.int() }).openapi("ListChanged");
const tags = ["lists"];
const params = z.object({ id: ListId });

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/lists",
  operationId: "listLists",
  tags,
  summary: "Lists of samples: one's own and those shared, newest first",
  request: { query: z.object(pageQuery) },
  responses: { 200: json(pageOf(SampleList, "SampleList"), "A page of lists"), ...problems(400) },
});

const create = createRoute({
  ...needs("annotate"),
  method: "post",
  path: "/lists",
  operationId: "createList",
  tags,
  summary: "Make a list of samples",
  request: { body: jsonBody(Label) },
  responses: { 201: json(SampleList, "The list"), ...problems(400, 409) },
});

const find = createRoute({
  ...needs("read"),
  method: "get",
  path: "/lists/{id}",
  operationId: "findList",
  tags,
  summary: "One list",
  request: { params },
  responses: { 200: json(SampleList, "The list"), ...problems(400, 404) },
});

const change = createRoute({
  ...needs("annotate"),
  method: "put",
  path: "/lists/{id}",
  operationId: "changeList",
  tags,
  summary: "Name or share one's own list anew",
  request: { params, body: jsonBody(Label) },
  responses: { 200: json(SampleList, "The list"), ...problems(400, 404, 409) },
});

const remove = createRoute({
  ...needs("annotate"),
  method: "delete",
  path: "/lists/{id}",
  operationId: "removeList",
  tags,
  summary: "Delete one's own list; administrators may delete any that is shared",
  request: { params },
  responses: { 204: { description: "Deleted" }, ...problems(400, 404) },
});

const samples = createRoute({
  ...needs("read"),
  method: "get",
  path: "/lists/{id}/samples",
  operationId: "listListedSamples",
  tags,
  summary: "Samples on a list, as far as the key may see them, by digest",
  request: { params, query: z.object(pageQuery) },
  responses: { 200: json(pageOf(ListedSample, "ListedSample"), "A page of samples"), ...problems(400, 404) },
});

const put = createRoute({
  ...needs("annotate"),
  method: "post",
  path: "/lists/{id}/samples",
  operationId: "putListedSamples",
  tags,
  summary: "Put samples on a list; those the key may not see are left out",
  request: {
    params,
    body: jsonBody(z.strictObject({ sha256s: z.array(Sha256).min(1).max(1000) }).openapi("ListedSha256s")),
  },
  responses: { 200: json(Changed, "How many are new there"), ...problems(400, 404) },
});

const take = createRoute({
  ...needs("annotate"),
  method: "delete",
  path: "/lists/{id}/samples/{sha256}",
  operationId: "takeListedSample",
  tags,
  summary: "Take a sample off a list",
  request: { params: params.extend({ sha256: Sha256 }) },
  responses: { 204: { description: "Taken off" }, ...problems(400, 404) },
});

/** Lists of samples. */
export function listRoutes(api: ApiDependencies) {
  const router = createRouter();
  const what = (id: string) => `list '${id}'`;

  router.openapi(list, async (c) => {
    const page = pageRequest(c.req.valid("query"));
    return c.json(sendPage(await api.lists.list(page, readerOf(c))), 200);
  });

  router.openapi(create, async (c) => {
    const label = c.req.valid("json");
    const made = await api.lists.create(label, annotatorOf(c));
    if (made === "name-taken") throw refusedShelf(made, "the list", label.name);
    await note(api.audit, c, "list.create", made.id, { tlp: label.tlp });
    return c.json(made, 201);
  });

  router.openapi(find, async (c) => {
    const { id } = c.req.valid("param");
    const found = await api.lists.find(id, readerOf(c));
    if (!found) throw refusedShelf("not-found", what(id));
    return c.json(found, 200);
  });

  router.openapi(change, async (c) => {
    const { id } = c.req.valid("param");
    const label = c.req.valid("json");
    const changed = await api.lists.change(id, label, readerOf(c));
    if (typeof changed === "string") throw refusedShelf(changed, what(id), label.name);
    await note(api.audit, c, "list.change", id, { tlp: label.tlp });
    return c.json(changed, 200);
  });

  router.openapi(remove, async (c) => {
    const { id } = c.req.valid("param");
    const end = await api.lists.remove(id, mayAll(c), readerOf(c));
    if (end !== "removed") throw refusedShelf(end, what(id));
    await note(api.audit, c, "list.delete", id);
    return c.body(null, 204);
  });

  router.openapi(samples, async (c) => {
    const { id } = c.req.valid("param");
    const page = await api.lists.samples(id, pageRequest(c.req.valid("query")), readerOf(c));
    if (!page) throw refusedShelf("not-found", what(id));
    return c.json(sendPage(page), 200);
  });

  router.openapi(put, async (c) => {
    const { id } = c.req.valid("param");
    const { sha256s } = c.req.valid("json");
    const changed = await api.lists.put(id, sha256s, annotatorOf(c), readerOf(c));
    if (changed === null) throw refusedShelf("not-found", what(id));
    if (changed > 0) await note(api.audit, c, "list.put", id, { samples: changed });
    return c.json({ changed }, 200);
  });

  router.openapi(take, async (c) => {
    const { id, sha256 } = c.req.valid("param");
    const taken = await api.lists.take(id, [sha256], readerOf(c));
    if (!taken) {
      throw refusedShelf("not-found", taken === null ? what(id) : `sample '${sha256}' on ${what(id)}`);
    }
    await note(api.audit, c, "list.take", id, { sha256 });
    return c.body(null, 204);
  });

  return router;
}
