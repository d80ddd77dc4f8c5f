import { isWithin, Publication as CorePublication, SavedSearchId, Tlp } from "@assay/core";
import { MAX_PUBLICATIONS } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import { mayAll, readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import { refusedShelf } from "../access/shelf.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, jsonBody, named } from "../app/json.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { ProblemError, problems } from "../problem/problem.ts";

const Publication = named(CorePublication, "Publication");
const NewPublication = z.strictObject({ tlp: Tlp }).openapi("NewPublication");
const tags = ["publications"];
const path = "/searches/{id}/publication";
const params = z.object({ id: SavedSearchId });

const find = createRoute({
  ...needs("read"),
  method: "get",
  path,
  operationId: "findPublication",
  tags,
  summary: "The collection that partners get of a saved search: its id, how far it is, why it stopped",
  request: { params },
  responses: { 200: json(Publication, "The publication"), ...problems(400, 404) },
});

const put = createRoute({
  ...needs("annotate"),
  method: "put",
  path,
  operationId: "putPublication",
  tags,
  summary: "Let partners read what one's own saved search finds, as a TAXII collection",
  description:
    "Readers are keys with the scope `taxii` that are cleared for `tlp`; they see name and description of the search. It holds what a " +
    "reader cleared to just that level sees of the reports found, now and later, and stops when the owner's key is revoked or expires. " +
    "At another level it is another collection, with another id.",
  request: { params, body: jsonBody(NewPublication) },
  responses: { 200: json(Publication, "The publication"), ...problems(400, 404, 409) },
});

const remove = createRoute({
  ...needs("annotate"),
  method: "delete",
  path,
  operationId: "removePublication",
  tags,
  summary:
    "End a publication of one's own and its collection; administrators may end any whose search they see",
  request: { params },
  responses: { 204: { description: "Ended" }, ...problems(400, 404) },
});

/** Saved searches that are TAXII collections. */
export function publicationRoutes(api: ApiDependencies) {
  const router = createRouter();
  const what = (id: SavedSearchId) => `publication of search '${id}'`;

  router.openapi(find, async (c) => {
    const { id } = c.req.valid("param");
    const found = await api.publications.find(id, readerOf(c));
    if (!found) throw refusedShelf("not-found", what(id));
    return c.json(found, 200);
  });

  router.openapi(put, async (c) => {
    const { id } = c.req.valid("param");
    const { tlp } = c.req.valid("json");
    const { maxTlp } = c.get("key");
    if (!isWithin(tlp, maxTlp)) {
      throw new ProblemError("beyond-clearance", `Cannot publish at '${tlp}': the key ends at '${maxTlp}'`);
    }
    const made = await api.publications.put(id, tlp, readerOf(c));
    if (made === "too-many") {
      const { perKey, all } = MAX_PUBLICATIONS;
      throw new ProblemError(
        "too-many-publications",
        `Cannot publish another search: ${perKey} of one key and ${all} of all may be published`,
        { extra: { limit: perKey } },
      );
    }
    if (typeof made === "string") throw refusedShelf(made, what(id));
    await note(api.audit, c, "publication.put", id, { tlp, collection: made.collectionId });
    return c.json(made, 200);
  });

  router.openapi(remove, async (c) => {
    const { id } = c.req.valid("param");
    const end = await api.publications.remove(id, mayAll(c), readerOf(c));
    if (end !== "removed") throw refusedShelf(end, what(id));
    await note(api.audit, c, "publication.delete", id);
    return c.body(null, 204);
  });

  return router;
}
