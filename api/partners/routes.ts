import { Partner as CorePartner, PartnerEvent as CorePartnerEvent } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, named } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { ProblemError, problems } from "../problem/problem.ts";

const Partner = named(CorePartner, "Partner");
const PartnerEvent = named(CorePartnerEvent, "PartnerEvent");
const tags = ["partners"];
const params = z.object({ name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/) });

const list = createRoute({
  ...needs("admin"),
  method: "get",
  path: "/partners",
  operationId: "listPartners",
  tags,
  summary: "Partners that get what is published, and how far each has got",
  responses: {
    200: json(z.object({ items: z.array(Partner) }).openapi("Partners"), "The partners"),
    ...problems(),
  },
});

const log = createRoute({
  ...needs("admin"),
  method: "get",
  path: "/partners/{name}/log",
  operationId: "listPartnerEvents",
  tags,
  summary: "What happened with a partner, newest first",
  request: { params, query: z.object(pageQuery) },
  responses: { 200: json(pageOf(PartnerEvent, "PartnerEvent"), "A page of events"), ...problems(400, 404) },
});

const test = createRoute({
  ...needs("admin"),
  method: "post",
  path: "/partners/{name}/test",
  operationId: "testPartner",
  tags,
  summary: "Have it looked whether the partner's server lets us push",
  description: "Nothing is pushed for it. What is found is the next `tested` event of the log.",
  request: { params },
  responses: { 202: { description: "It will be looked" }, ...problems(400, 404) },
});

const retry = createRoute({
  ...needs("admin"),
  method: "post",
  path: "/partners/{name}/retry",
  operationId: "retryPartner",
  tags,
  summary: "Go on pushing at once, and try again what was given up",
  request: { params },
  responses: {
    202: json(
      z.object({ objects: z.int().openapi({ description: "Given up before, and tried again now" }) })
        .openapi("PartnerRetry"),
      "It will be tried",
    ),
    ...problems(400, 404),
  },
});

/** Partners that get what is published, as the configuration names them. */
export function partnerRoutes(api: ApiDependencies) {
  const router = createRouter();
  const known = (name: string) => {
    if (api.settings.partners.some((partner) => partner.name === name)) return;
    throw new ProblemError("not-found", `Cannot find partner '${name}'`);
  };

  router.openapi(list, async (c) => c.json({ items: await api.partners.list(api.settings.partners) }, 200));

  router.openapi(log, async (c) => {
    const { name } = c.req.valid("param");
    known(name);
    return c.json(sendPage(await api.partners.events(name, pageRequest(c.req.valid("query")))), 200);
  });

  router.openapi(test, async (c) => {
    const { name } = c.req.valid("param");
    known(name);
    await note(api.audit, c, "partner.test", name);
    await api.partners.askTest(name);
    return c.body(null, 202);
  });

  router.openapi(retry, async (c) => {
    const { name } = c.req.valid("param");
    known(name);
    const objects = await api.partners.askRetry(name);
    await note(api.audit, c, "partner.retry", name, { objects });
    return c.json({ objects }, 202);
  });

  return router;
}
