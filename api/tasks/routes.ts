import { isFinal, Sha256, SubmissionId, Task as CoreTask, TaskId, TaskStatus } from "@assay/core";
import { removeLeftReport, removeTask } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, jsonBody, named } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { tellTask } from "../events/tell.ts";
import { ProblemError, problems } from "../problem/problem.ts";
import { replayDead } from "./replay.ts";

const Task = named(CoreTask, "Task");
const params = z.object({ id: TaskId });
const tags = ["tasks"];

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/tasks",
  operationId: "listTasks",
  tags,
  summary: "Tasks, newest first",
  request: {
    query: z.object({
      ...pageQuery,
      status: TaskStatus.optional(),
      submissionId: SubmissionId.optional(),
      sha256: Sha256.optional(),
      dead: z.enum(["true", "false"]).optional().openapi({
        description: "`true` for the dead-letter list: tasks whose last try is spent",
      }),
    }),
  },
  responses: { 200: json(pageOf(Task, "Task"), "A page of tasks"), ...problems(400) },
});

const Counts = z.object({
  pending: z.int(),
  running: z.int(),
  complete: z.int(),
  failed: z.int(),
  cancelled: z.int(),
  /** Of the failed ones, those in the dead-letter list. */
  dead: z.int(),
}).openapi("TaskCounts");

const count = createRoute({
  ...needs("read"),
  method: "get",
  path: "/tasks/counts",
  operationId: "countTasks",
  tags,
  summary: "How many tasks are in which state",
  responses: { 200: json(Counts, "Counts of what the key may see"), ...problems() },
});

const Replayed = z.object({
  /** Tasks that were queued again. */
  replayed: z.array(TaskId),
  /** True where more are left: ask again. */
  more: z.boolean(),
}).openapi("Replayed");

const replay = createRoute({
  ...needs("submit"),
  method: "post",
  path: "/tasks/replay",
  operationId: "replayTasks",
  tags,
  summary: "Run tasks of the dead-letter list again",
  request: {
    body: jsonBody(
      z.strictObject({
        ids: z.array(TaskId).min(1).max(1000).optional().openapi({
          description: "These only; all where left out",
        }),
      }).openapi("ReplayRequest"),
    ),
  },
  responses: { 200: json(Replayed, "What was queued again"), ...problems(400) },
});

const find = createRoute({
  ...needs("read"),
  method: "get",
  path: "/tasks/{id}",
  operationId: "findTask",
  tags,
  summary: "One task",
  request: { params },
  responses: { 200: json(Task, "The task"), ...problems(400, 404) },
});

const remove = createRoute({
  ...needs("delete"),
  method: "delete",
  path: "/tasks/{id}",
  operationId: "removeTask",
  tags,
  summary: "Delete a task that is over, and its report",
  request: { params },
  responses: { 204: { description: "Deleted" }, ...problems(400, 404, 409, 503) },
});

const cancel = createRoute({
  ...needs("submit"),
  method: "post",
  path: "/tasks/{id}/cancel",
  operationId: "cancelTask",
  tags,
  summary: "Cancel a task that isn't over",
  request: { params },
  responses: { 200: json(Task, "The task as it is now"), ...problems(400, 404, 409) },
});

const retry = createRoute({
  ...needs("submit"),
  method: "post",
  path: "/tasks/{id}/retry",
  operationId: "retryTask",
  tags,
  summary: "Run a failed or cancelled task again",
  request: { params },
  responses: { 200: json(Task, "The task as it is now"), ...problems(400, 404, 409) },
});

/** Tasks: list, look, cancel, retry, delete, and replay of the dead-letter list. */
export function taskRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(list, async (c) => {
    const { status, submissionId, sha256, dead, ...page } = c.req.valid("query");
    const filter = { status, submissionId, sha256, dead: dead === undefined ? undefined : dead === "true" };
    return c.json(sendPage(await api.tasks.list(filter, pageRequest(page), readerOf(c))), 200);
  });

  router.openapi(count, async (c) => c.json(await api.tasks.count(readerOf(c)), 200));

  router.openapi(replay, async (c) => {
    const { ids } = c.req.valid("json");
    const result = await replayDead(api.tasks, ids ?? null, readerOf(c));
    await note(api.audit, c, "task.replay", null, { tasks: result.replayed.length });
    return c.json(result, 200);
  });

  router.openapi(find, async (c) => {
    const { id } = c.req.valid("param");
    return c.json(await api.tasks.find(id, readerOf(c)) ?? missing(id), 200);
  });

  router.openapi(remove, async (c) => {
    const { id } = c.req.valid("param");
    const task = await api.tasks.find(id, readerOf(c));
    if (!task) return await removeLeftReport(id, readerOf(c), api) ? c.body(null, 204) : missing(id);
    if (!isFinal(task.status)) throw notFinal(id);
    await note(api.audit, c, "task.delete", id, { sha256: task.sha256 });
    const end = await removeTask(task, readerOf(c), api);
    if (end === "not-found") missing(id);
    if (end === "not-final") throw notFinal(id);
    if (end === "held") {
      throw new ProblemError("sample-held", `Cannot delete task '${id}': sample '${task.sha256}' is held`);
    }
    if (end === "in-use") {
      throw new ProblemError("report-in-use", `Cannot delete task '${id}': its report answers other tasks`);
    }
    return c.body(null, 204);
  });

  router.openapi(cancel, async (c) => {
    const { id } = c.req.valid("param");
    const task = await api.tasks.find(id, readerOf(c)) ?? missing(id);
    if (isFinal(task.status)) {
      throw new ProblemError("task-final", `Cannot cancel task '${id}': it is ${task.status}`);
    }
    const cancelled = await api.tasks.cancel(id, readerOf(c)) ?? missing(id);
    await note(api.audit, c, "task.cancel", id);
    tellTask(api, cancelled);
    return c.json(cancelled, 200);
  });

  router.openapi(retry, async (c) => {
    const { id } = c.req.valid("param");
    const task = await api.tasks.find(id, readerOf(c)) ?? missing(id);
    if (task.status !== "failed" && task.status !== "cancelled") {
      throw new ProblemError("task-not-retryable", `Cannot retry task '${id}': it is ${task.status}`);
    }
    const retried = await api.tasks.retry(id, readerOf(c)) ?? missing(id);
    await note(api.audit, c, "task.retry", id);
    tellTask(api, retried);
    return c.json(retried, 200);
  });

  return router;
}

function missing(id: TaskId): never {
  throw new ProblemError("not-found", `Cannot find task '${id}'`);
}

function notFinal(id: TaskId): ProblemError {
  return new ProblemError("task-not-final", `Cannot delete task '${id}': it is still going on`);
}
