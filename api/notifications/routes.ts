import { Notification as CoreNotification, NotificationId } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, jsonBody, named } from "../app/json.ts";
import { pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { problems } from "../problem/problem.ts";

const Notification = named(CoreNotification, "Notification");
const tags = ["notifications"];

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/notifications",
  operationId: "listNotifications",
  tags,
  summary: "What the key's hunts came upon, newest first",
  request: {
    query: z.object({
      ...pageQuery,
      unread: z.enum(["true", "false"]).default("false").openapi({ description: "Only those unread" }),
    }),
  },
  responses: {
    200: json(
      z.object({
        items: z.array(Notification),
        cursor: z.string().nullable(),
        /** Counting stops at 1,000. */
        unread: z.int(),
      }).openapi("NotificationPage"),
      "A page of notifications",
    ),
    ...problems(400),
  },
});

const read = createRoute({
  ...needs("read"),
  method: "post",
  path: "/notifications/read",
  operationId: "readNotifications",
  tags,
  summary: "Mark notifications as read",
  request: {
    body: jsonBody(
      z.strictObject({
        ids: z.array(NotificationId).min(1).max(1000).optional().openapi({
          description: "These only; all where left out",
        }),
      }).openapi("NotificationsRead"),
    ),
  },
  responses: {
    200: json(z.object({ changed: z.int() }).openapi("NotificationsChanged"), "How many were unread"),
    ...problems(400),
  },
});

/** What keys are told of their hunts' hits. */
export function notificationRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(list, async (c) => {
    const { unread, ...page } = c.req.valid("query");
    const found = await api.notifications.list({ unread: unread === "true" }, pageRequest(page), readerOf(c));
    return c.json({ ...sendPage(found), unread: found.unread }, 200);
  });

  router.openapi(read, async (c) => {
    const { ids } = c.req.valid("json");
    return c.json({ changed: await api.notifications.markRead(ids ?? null, readerOf(c)) }, 200);
  });

  return router;
}
