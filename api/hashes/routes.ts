import { ImportId, Tlp } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, jsonBody } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { ProblemError, problems } from "../problem/problem.ts";

/** Hexadecimal digits by algorithm. */
const digits = { sha256: 64, sha1: 40, md5: 32 } as const;

const hex = z.string().toLowerCase().regex(
  /^[0-9a-f]{32}$|^[0-9a-f]{40}$|^[0-9a-f]{64}$/,
  "Expected 32, 40 or 64 hexadecimal digits",
);

const entry = {
  algorithm: z.enum(["sha256", "sha1", "md5"]),
  value: hex,
  verdict: z.enum(["good", "bad"]),
  /** Where it comes from, e.g. `nsrl`. */
  source: z.string().trim().min(1).max(100),
  note: z.string().max(1000).nullable().default(null),
};

const NewKnownHash = z.strictObject({
  ...entry,
  tlp: Tlp.default("clear").openapi({
    description: "Who may be told of it. It counts in reports of submissions at this level or above",
  }),
}).refine(({ algorithm, value }) => value.length === digits[algorithm], {
  path: ["value"],
  message: "The number of digits does not fit the algorithm",
}).openapi("NewKnownHash");

const KnownHash = z.object({
  ...entry,
  tlp: Tlp,
  importId: ImportId.nullable().openapi({
    description: "The import that brought it; null for one put by itself",
  }),
}).openapi("KnownHash");

const tags = ["hashes"];

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/hashes",
  operationId: "listKnownHashes",
  tags,
  summary: "Hashes known good or bad",
  request: { query: z.object(pageQuery) },
  responses: { 200: json(pageOf(KnownHash, "KnownHash"), "A page of hashes"), ...problems(400) },
});

const put = createRoute({
  ...needs("admin"),
  method: "put",
  path: "/hashes",
  operationId: "putKnownHashes",
  tags,
  summary: "Add or change known hashes",
  request: {
    body: jsonBody(z.strictObject({ hashes: z.array(NewKnownHash).min(1).max(2000) }).openapi("KnownHashes")),
  },
  responses: {
    200: json(z.object({ stored: z.int() }).openapi("HashesStored"), "How many were stored"),
    ...problems(400, 413),
  },
});

const remove = createRoute({
  ...needs("admin"),
  method: "delete",
  path: "/hashes/{value}",
  operationId: "removeKnownHash",
  tags,
  summary: "Forget what is known of a hash",
  request: { params: z.object({ value: hex }) },
  responses: { 204: { description: "Forgotten" }, ...problems(400, 404) },
});

/** The table of known-good and known-bad hashes. */
export function hashRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(
    list,
    async (c) =>
      c.json(sendPage(await api.knownHashes.list(pageRequest(c.req.valid("query")), readerOf(c))), 200),
  );

  router.openapi(put, async (c) => {
    const { hashes } = c.req.valid("json");
    const stored = await api.knownHashes.put(hashes);
    await note(api.audit, c, "hash.put", null, {
      hashes: hashes.length,
      sources: [...new Set(hashes.map((h) => h.source))].slice(0, 10),
    });
    return c.json({ stored }, 200);
  });

  router.openapi(remove, async (c) => {
    const { value } = c.req.valid("param");
    await note(api.audit, c, "hash.remove", value);
    if (await api.knownHashes.remove(value) === 0) {
      throw new ProblemError("not-found", `Cannot find hash '${value}'`);
    }
    return c.body(null, 204);
  });

  return router;
}
