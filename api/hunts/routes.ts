import {
  Hunt as CoreHunt,
  HuntActions,
  JobId,
  type SavedSearchId,
  SavedSearchId as SearchId,
} from "@assay/core";
import { allows, MAX_HUNTS } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import { refusedShelf } from "../access/shelf.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { json, jsonBody, named } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { ProblemError, problems } from "../problem/problem.ts";

const Hunt = named(CoreHunt, "Hunt");
const NewHunt = z.strictObject({
  tags: HuntActions.shape.tags.default([]),
  tlp: HuntActions.shape.tlp.optional().openapi({
    description: "Of the tags; as a submission's where left out",
  }),
  rescan: HuntActions.shape.rescan.default(null).openapi({
    description: "Modules that the sample is analysed again with; null: it is not",
  }),
  notify: HuntActions.shape.notify.default(true),
}).openapi("NewHunt");
const tags = ["hunts"];
const path = "/searches/{id}/hunt";
const params = z.object({ id: SearchId });

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/hunts",
  operationId: "listHunts",
  tags,
  summary: "Hunts of one's own searches and of those shared, newest search first",
  request: { query: z.object(pageQuery) },
  responses: { 200: json(pageOf(Hunt, "Hunt"), "A page of hunts"), ...problems(400) },
});

const find = createRoute({
  ...needs("read"),
  method: "get",
  path,
  operationId: "findHunt",
  tags,
  summary: "The hunt of a saved search: what it does, its hits, what went wrong",
  request: { params },
  responses: { 200: json(Hunt, "The hunt"), ...problems(400, 404) },
});

const put = createRoute({
  ...needs("annotate"),
  method: "put",
  path,
  operationId: "putHunt",
  tags,
  summary: "Let one's own saved search look at each new report, or change what it does then",
  description:
    "It sees what the key may see at that time, and stops when the key is revoked or expires. A report is a hit once. " +
    "`rescan` needs the scope `submit`.",
  request: { params, body: jsonBody(NewHunt) },
  responses: { 200: json(Hunt, "The hunt"), ...problems(400, 404, 409) },
});

const remove = createRoute({
  ...needs("annotate"),
  method: "delete",
  path,
  operationId: "removeHunt",
  tags,
  summary: "End a hunt of one's own; the search stays",
  request: { params },
  responses: { 204: { description: "Ended" }, ...problems(400, 404) },
});

const retro = createRoute({
  ...needs("annotate"),
  method: "post",
  path: `${path}/retro`,
  operationId: "runHuntRetro",
  tags,
  summary: "Let a hunt of one's own look at everything that is there already, as a job",
  request: { params },
  responses: {
    202: json(z.object({ jobId: JobId }).openapi("HuntRetro"), "The job"),
    ...problems(400, 404),
  },
});

/** Hunts: saved searches that look at each new report. */
export function huntRoutes(api: ApiDependencies) {
  const router = createRouter();
  const what = (id: SavedSearchId) => `hunt of search '${id}'`;

  router.openapi(list, async (c) => {
    const page = await api.hunts.list(pageRequest(c.req.valid("query")), readerOf(c));
    return c.json(sendPage(page), 200);
  });

  router.openapi(find, async (c) => {
    const { id } = c.req.valid("param");
    const hunt = await api.hunts.find(id, readerOf(c));
    if (!hunt) throw refusedShelf("not-found", what(id));
    return c.json(hunt, 200);
  });

  router.openapi(put, async (c) => {
    const { id } = c.req.valid("param");
    const { tlp = api.settings.defaultTlp, ...rest } = c.req.valid("json");
    if (rest.rescan !== null) mayRescan(c);
    const hunt = await api.hunts.put(id, { ...rest, tlp }, readerOf(c));
    if (hunt === "too-many") {
      const detail =
        `Cannot start another hunt: ${MAX_HUNTS.perKey} of one key and ${MAX_HUNTS.all} of all may be live`;
      throw new ProblemError("too-many-hunts", detail, { extra: { limit: MAX_HUNTS.perKey } });
    }
    if (typeof hunt === "string") throw refusedShelf(hunt, what(id));
    await note(api.audit, c, "hunt.put", id, { ...rest, tlp });
    return c.json(hunt, 200);
  });

  router.openapi(remove, async (c) => {
    const { id } = c.req.valid("param");
    const end = await api.hunts.remove(id, readerOf(c));
    if (end !== "removed") throw refusedShelf(end, what(id));
    await note(api.audit, c, "hunt.delete", id);
    return c.body(null, 204);
  });

  router.openapi(retro, async (c) => {
    const { id } = c.req.valid("param");
    const hunt = await api.hunts.find(id, readerOf(c));
    if (!hunt) throw refusedShelf("not-found", what(id));
    if (hunt.owner !== c.get("key").id) throw refusedShelf("not-owner", what(id));
    const job = await api.jobs.create("hunt.retro", { searchId: id }, hunt.owner);
    await note(api.audit, c, "hunt.retro", id, { job: job.id });
    return c.json({ jobId: job.id }, 202);
  });

  return router;
}

function mayRescan(c: Context<ApiEnvironment>): void {
  const key = c.get("key");
  if (allows(key.scopes, "submit")) return;
  throw new ProblemError("missing-scope", `Cannot rescan with key '${key.name}': it lacks 'submit'`, {
    extra: { scope: "submit" },
  });
}
