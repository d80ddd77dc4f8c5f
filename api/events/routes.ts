import { SubmissionId, TaskId } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { lapseOf } from "@assay/infra";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { createRouter } from "../app/router.ts";
import { ProblemError, problems } from "../problem/problem.ts";
import { createEventHub } from "./hub.ts";
import { countOpen } from "../limits/open.ts";
import { streamEvents } from "./stream.ts";
import { watchTasks } from "./watch.ts";

/** Tasks of one stream. */
const MAX_TASKS = 100;
/** Milliseconds that clocks of processes may differ. */
const CLOCK_SLACK = 5000;

const listen = createRoute({
  ...needs("read"),
  method: "get",
  path: "/events",
  operationId: "listenEvents",
  tags: ["events"],
  summary: "Task events as they happen",
  description:
    "Server-sent events, to be read by `fetch` since a key is needed. First the present state of the asked " +
    "tasks and `event: ready`, then `event: task`, `event: module` and, without a filter, `event: hunt.hit` of one's own hunts, with a `TaskEvent` as data. `Last-Event-ID` " +
    "leaves out what was over before. Without a filter: everything that the key may see, and no present state.",
  request: {
    query: z.object({
      submissionId: SubmissionId.optional(),
      taskId: z.preprocess(
        (given) => typeof given === "string" ? [given] : given,
        z.array(TaskId).max(MAX_TASKS).optional(),
      )
        .openapi({ type: "array", items: { type: "string" }, description: "Repeat it for several" }),
    }),
    headers: z.object({
      "last-event-id": z.string().regex(/^\d{1,15}$/).optional(),
    }),
  },
  responses: {
    200: {
      description: "The events",
      content: { "text/event-stream": { schema: { type: "string" as const } } },
    },
    ...problems(400, 404, 429),
  },
});

/** `GET /events`. */
export function eventRoutes(api: ApiDependencies) {
  const router = createRouter();
  const listeners = countOpen(api.settings.maxListeners, "too-many-listeners", "event stream");
  const hub = createEventHub(api.queue, api.log, api.stopping);

  router.openapi(listen, async (c) => {
    const { submissionId, taskId } = c.req.valid("query");
    const since = Number(c.req.valid("header")["last-event-id"] ?? 0) - CLOCK_SLACK;
    const visibility = readerOf(c);
    if (submissionId && !await api.submissions.find(submissionId, visibility)) {
      throw new ProblemError("not-found", `Cannot find submission '${submissionId}'`);
    }
    for (const id of taskId ?? []) {
      if (!await api.tasks.find(id, visibility)) {
        throw new ProblemError("not-found", `Cannot find task '${id}'`);
      }
    }
    const { id } = c.get("key");
    const onEnd = listeners.open(id);
    const stream = streamEvents({
      hub,
      watch: watchTasks(api, { submissionId, taskIds: taskId }, visibility, since),
      heartbeat: api.settings.heartbeat,
      isAllowed: async () => {
        const key = await api.keys.find(id);
        return key !== null && lapseOf(key, api.now()) === null;
      },
      signal: AbortSignal.any([api.stopping, c.req.raw.signal]),
      onEnd,
    });
    return new Response(stream, {
      headers: {
        "content-type": "text/event-stream",
        "cache-control": "no-store",
        "x-accel-buffering": "no",
      },
    });
  });

  return router;
}
