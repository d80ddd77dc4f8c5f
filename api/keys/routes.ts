import { isWithin, KeyId, Timestamp, Tlp } from "@assay/core";
import { type ApiKey, keyScopes } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, jsonBody } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { ProblemError, problems } from "../problem/problem.ts";

const Key = z.object({
  id: KeyId,
  name: z.string(),
  scopes: z.array(z.enum(keyScopes)),
  maxTlp: Tlp,
  created: Timestamp,
  expires: Timestamp.nullable(),
  revoked: Timestamp.nullable(),
  lastUsed: Timestamp.nullable(),
}).openapi("Key");

const NewKey = z.strictObject({
  name: z.string().trim().min(1).max(100),
  scopes: z.array(z.enum(keyScopes)).min(1),
  maxTlp: Tlp.default("amber"),
  expires: Timestamp.nullable().default(null),
}).openapi("NewKey");

const params = z.object({ id: KeyId });
const tags = ["keys"];

const self = createRoute({
  security: [{ key: [] }],
  method: "get",
  path: "/keys/self",
  operationId: "findOwnKey",
  tags,
  summary: "The key that asks",
  responses: { 200: json(Key, "What it may do"), ...problems(401) },
});

const list = createRoute({
  ...needs("admin"),
  method: "get",
  path: "/keys",
  operationId: "listKeys",
  tags,
  summary: "All keys, without their secrets",
  request: { query: z.object(pageQuery) },
  responses: { 200: json(pageOf(Key, "Key"), "A page of keys"), ...problems(400) },
});

const create = createRoute({
  ...needs("admin"),
  method: "post",
  path: "/keys",
  operationId: "createKey",
  tags,
  summary: "Make a key",
  request: { body: jsonBody(NewKey) },
  responses: {
    201: json(
      z.object({ key: Key, text: z.string() }).openapi("CreatedKey"),
      "The key; `text` is what its holder sends, and is told this once",
    ),
    ...problems(400, 403),
  },
});

const revoke = createRoute({
  ...needs("admin"),
  method: "delete",
  path: "/keys/{id}",
  operationId: "revokeKey",
  tags,
  summary: "Revoke a key",
  request: { params },
  responses: { 200: json(Key, "The key, revoked from now on"), ...problems(400, 404, 409) },
});

/** Keys: make, list, revoke; and what the own key may do. */
export function keyRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(self, (c) => c.json(shown(c.get("key")), 200));

  router.openapi(list, async (c) => {
    const page = await api.keys.list(pageRequest(c.req.valid("query")));
    return c.json(sendPage({ ...page, items: page.items.map(shown) }), 200);
  });

  router.openapi(create, async (c) => {
    const wanted = c.req.valid("json");
    const own = c.get("key");
    if (!isWithin(wanted.maxTlp, own.maxTlp)) {
      throw new ProblemError(
        "beyond-clearance",
        `Cannot make a key up to '${wanted.maxTlp}': the own one ends at '${own.maxTlp}'`,
      );
    }
    const { key, text } = await api.keys.create(wanted);
    await note(api.audit, c, "key.create", key.id, {
      name: key.name,
      scopes: key.scopes,
      maxTlp: key.maxTlp,
    });
    return c.json({ key: shown(key), text }, 201);
  });

  router.openapi(revoke, async (c) => {
    const { id } = c.req.valid("param");
    if (id === c.get("key").id) {
      throw new ProblemError("own-key", `Cannot revoke key '${id}': it is the one that asks`);
    }
    if (!await api.keys.find(id)) throw missing(id);
    await note(api.audit, c, "key.revoke", id);
    const revoked = await api.keys.revoke(id);
    if (!revoked) throw missing(id);
    return c.json(shown(revoked), 200);
  });

  return router;
}

function shown(key: ApiKey): z.infer<typeof Key> {
  const { id, name, scopes, maxTlp, created, expires, revoked, lastUsed } = key;
  return { id, name, scopes: [...scopes], maxTlp, created, expires, revoked, lastUsed };
}

function missing(id: KeyId): ProblemError {
  return new ProblemError("not-found", `Cannot find key '${id}'`);
}
