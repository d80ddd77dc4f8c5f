import { KeyId, Sha256, Timestamp } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, jsonBody } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { ProblemError, problems } from "../problem/problem.ts";

const LegalHold = z.object({
  sha256: Sha256,
  reason: z.string(),
  /** Who holds it. */
  keyId: KeyId,
  keyName: z.string(),
  at: Timestamp,
}).openapi("LegalHold");

const params = z.object({ sha256: Sha256 });
const tags = ["holds"];

const list = createRoute({
  ...needs("admin"),
  method: "get",
  path: "/holds",
  operationId: "listLegalHolds",
  tags,
  summary: "Samples under legal hold",
  request: { query: z.object(pageQuery) },
  responses: { 200: json(pageOf(LegalHold, "LegalHold"), "A page of holds"), ...problems(400) },
});

const put = createRoute({
  ...needs("admin"),
  method: "put",
  path: "/samples/{sha256}/hold",
  operationId: "putLegalHold",
  tags,
  summary: "Hold a sample: nothing of it can be deleted then",
  request: {
    params,
    body: jsonBody(
      z.strictObject({ reason: z.string().trim().min(1).max(1000) }).openapi("LegalHoldRequest"),
    ),
  },
  responses: { 200: json(LegalHold, "The hold"), ...problems(400, 404) },
});

const remove = createRoute({
  ...needs("admin"),
  method: "delete",
  path: "/samples/{sha256}/hold",
  operationId: "removeLegalHold",
  tags,
  summary: "Lift the legal hold of a sample",
  request: { params },
  responses: { 204: { description: "Lifted" }, ...problems(400, 404) },
});

/** Legal holds: list, put, lift. */
export function holdRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(
    list,
    async (c) => c.json(sendPage(await api.legalHolds.list(pageRequest(c.req.valid("query")))), 200),
  );

  router.openapi(put, async (c) => {
    const { sha256 } = c.req.valid("param");
    const { reason } = c.req.valid("json");
    const { id, name } = c.get("key");
    const hold = await api.legalHolds.put({ sha256, reason, keyId: id, keyName: name });
    if (hold === null) throw new ProblemError("not-found", `Cannot find sample '${sha256}'`);
    await note(api.audit, c, "hold.put", sha256, { reason });
    return c.json(hold, 200);
  });

  router.openapi(remove, async (c) => {
    const { sha256 } = c.req.valid("param");
    // What cannot be taken back is noted first: from now on the sample may go.
    await note(api.audit, c, "hold.lift", sha256);
    if (await api.legalHolds.remove(sha256) === null) {
      throw new ProblemError("not-found", `Cannot find a hold of sample '${sha256}'`);
    }
    return c.body(null, 204);
  });

  return router;
}
