import { KeyId, Timestamp } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { problems } from "../problem/problem.ts";

const AuditEntry = z.object({
  id: z.string(),
  at: Timestamp,
  keyId: KeyId.nullable(),
  keyName: z.string().nullable(),
  /** e.g. `submission.create`, `sample.download`, `key.revoke`. */
  action: z.string(),
  target: z.string().nullable(),
  address: z.string().nullable(),
  detail: z.record(z.string(), z.unknown()),
}).openapi("AuditEntry");

const list = createRoute({
  ...needs("admin"),
  method: "get",
  path: "/audit",
  operationId: "listAudit",
  tags: ["audit"],
  summary: "Who did what, newest first",
  request: {
    query: z.object({
      ...pageQuery,
      action: z.string().regex(/^[a-z]+\.[a-z]+$/, "Expected an action like 'key.revoke'").max(60).optional(),
      keyId: KeyId.optional(),
    }),
  },
  responses: { 200: json(pageOf(AuditEntry, "Audit"), "A page of the audit trail"), ...problems(400) },
});

/** `GET /audit`. */
export function auditRoutes(api: ApiDependencies) {
  const router = createRouter();
  router.openapi(list, async (c) => {
    const { action, keyId, ...page } = c.req.valid("query");
    const filter = { ...(action !== undefined && { action }), ...(keyId !== undefined && { keyId }) };
    const { items, cursor } = await api.audit.list(filter, pageRequest(page));
    return c.json(
      sendPage({ cursor, items: items.map((entry) => ({ ...entry, detail: { ...entry.detail } })) }),
      200,
    );
  });
  return router;
}
