import { actionScopes, JobId, SearchAction } from "@assay/core";
import { allows } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, jsonBody } from "../app/json.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { ProblemError, problems } from "../problem/problem.ts";
import { countTarget } from "./target.ts";

const ActionRequest = z.intersection(
  SearchAction,
  z.object({
    dryRun: z.boolean().default(false).openapi({ description: "Only count what it would be done to" }),
    expected: z.int().nonnegative().optional().openapi({
      description: "The number that `dryRun` told; needed to do it. Another number now is refused",
    }),
  }),
).refine(({ q, sha256s }) => (q === undefined) !== (sha256s === undefined), {
  path: ["q"],
  message: "Expected one of 'q' and 'sha256s'",
}).refine(({ scope, sha256s }) => sha256s === undefined || scope === "samples", {
  path: ["sha256s"],
  message: "Expected scope 'samples' with 'sha256s'",
}).openapi("SearchActionRequest");

const Counted = z.object({
  /** Samples or reports, as the scope says, that the key sees. */
  count: z.int(),
}).openapi("ActionCount");
const Accepted = z.object({ jobId: JobId, count: z.int() }).openapi("ActionAccepted");

const act = createRoute({
  ...needs("read"),
  method: "post",
  path: "/search/actions",
  operationId: "runSearchAction",
  tags: ["search"],
  summary: "Do something to all that a search finds",
  description:
    "Ask with `dryRun` first, then with the number it told as `expected`: a job does the rest, with the " +
    "visibility that the key has then. `tag`, `untag` and `add-to-list` need the scope `annotate`, `rescan` needs `submit`, `delete` " +
    "needs `delete`. With `scope: reports`, `delete` deletes the reports found; with `samples`, all reports of the samples, and the samples " +
    "themselves where nobody else needs them.",
  request: { body: jsonBody(ActionRequest) },
  responses: {
    200: json(Counted, "What `dryRun` counted"),
    202: json(Accepted, "The job that does it"),
    ...problems(400, 404, 409, 504),
  },
});

/** `POST /search/actions`. */
export function actionRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(act, async (c) => {
    const { dryRun, expected, ...given } = c.req.valid("json");
    const key = c.get("key");
    const scope = actionScopes[given.action];
    if (!allows(key.scopes, scope)) {
      throw new ProblemError(
        "missing-scope",
        `Cannot ${given.action} with key '${key.name}': it lacks '${scope}'`,
        {
          extra: { scope },
        },
      );
    }
    if (given.action === "add-to-list" && !await api.lists.find(given.listId, readerOf(c))) {
      throw new ProblemError("not-found", `Cannot find list '${given.listId}'`);
    }
    const search: SearchAction = given.action === "tag"
      ? { ...given, tlp: given.tlp ?? api.settings.defaultTlp }
      : given;
    const count = await countTarget(api, c, search);
    if (dryRun) return c.json({ count }, 200);
    if (expected === undefined) {
      throw new ProblemError(
        "invalid-request",
        `Cannot ${given.action}: 'expected' is missing, ${count} are found`,
        {
          extra: { errors: [{ field: "expected", message: "Expected the number that 'dryRun' told" }] },
        },
      );
    }
    if (expected !== count) {
      throw new ProblemError(
        "count-differs",
        `Cannot ${given.action}: ${expected} were expected, ${count} are found`,
      );
    }
    await note(api.audit, c, `bulk.${given.action.replaceAll("-", "")}`, null, {
      q: given.q ?? null,
      scope: given.scope,
      count,
    });
    const job = await api.jobs.create(`search.${given.action}`, { search, expected: count }, key.id);
    return c.json({ jobId: job.id, count }, 202);
  });

  return router;
}
