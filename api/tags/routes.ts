import { SampleTag as CoreSampleTag, Sha256, Tag, TagChange as CoreTagChange, Tlp } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { annotatorOf, mayAll, readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, jsonBody, named } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { ProblemError, problems } from "../problem/problem.ts";

const SampleTag = named(CoreSampleTag, "SampleTag");
const TagChange = named(CoreTagChange, "TagChange");
const Tags = z.object({ items: z.array(SampleTag) }).openapi("SampleTags");
const tags = ["tags"];
const sample = z.object({ sha256: Sha256 });

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/samples/{sha256}/tags",
  operationId: "listSampleTags",
  tags,
  summary: "Tags that analysts gave a sample, with who and when",
  request: { params: sample },
  responses: { 200: json(Tags, "The tags"), ...problems(400, 404) },
});

const add = createRoute({
  ...needs("annotate"),
  method: "post",
  path: "/samples/{sha256}/tags",
  operationId: "addSampleTags",
  tags,
  summary: "Tag a sample",
  request: {
    params: sample,
    body: jsonBody(
      z.strictObject({
        tags: z.array(Tag).min(1).max(50),
        tlp: Tlp.optional().openapi({ description: "Who may see them; as a submission's where left out" }),
      }).openapi("NewSampleTags"),
    ),
  },
  responses: { 200: json(Tags, "The sample's tags now"), ...problems(400, 404, 409) },
});

const remove = createRoute({
  ...needs("annotate"),
  method: "delete",
  path: "/samples/{sha256}/tags/{tag}",
  operationId: "removeSampleTag",
  tags,
  summary: "Take one's own tag off a sample; administrators take off everybody's",
  request: { params: z.object({ sha256: Sha256, tag: Tag }) },
  responses: { 204: { description: "Taken off" }, ...problems(400, 404) },
});

const history = createRoute({
  ...needs("read"),
  method: "get",
  path: "/samples/{sha256}/tags/history",
  operationId: "listTagChanges",
  tags,
  summary: "Who tagged a sample how, and took which tags off, newest first",
  request: { params: sample, query: z.object(pageQuery) },
  responses: { 200: json(pageOf(TagChange, "TagChange"), "A page of changes"), ...problems(400, 404) },
});

const count = createRoute({
  ...needs("read"),
  method: "get",
  path: "/tags",
  operationId: "listTags",
  tags,
  summary: "Analysts' tags in order, with how many samples have them as far as the key sees",
  description: "Counting stops at 10,000 samples. Tags whose samples the key may not see are left out, " +
    "so that a page can be short.",
  request: {
    query: z.object({
      ...pageQuery,
      prefix: z.string().toLowerCase().max(64).default("").openapi({
        description: "Only those that begin so",
      }),
    }),
  },
  responses: {
    200: json(
      pageOf(z.object({ tag: z.string(), samples: z.int() }).openapi("TagCount"), "TagCount"),
      "A page of tags",
    ),
    ...problems(400),
  },
});

/** Tags on samples, how they came to be, and all there are. */
export function tagRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(list, async (c) => {
    const { sha256 } = c.req.valid("param");
    if (!await api.sampleFacts.isVisible(sha256, readerOf(c))) throw noSample(sha256);
    return c.json({ items: await api.sampleTags.list(sha256, readerOf(c)) }, 200);
  });

  router.openapi(add, async (c) => {
    const { sha256 } = c.req.valid("param");
    const { tags, tlp = api.settings.defaultTlp } = c.req.valid("json");
    const visibility = readerOf(c);
    if (!await api.sampleFacts.isVisible(sha256, visibility)) throw noSample(sha256);
    const changed = await api.sampleTags.add({ sha256s: [sha256], tags, tlp }, annotatorOf(c), visibility);
    if (changed.length > 0) await note(api.audit, c, "tag.add", sha256, { tags, tlp });
    return c.json({ items: await api.sampleTags.list(sha256, visibility) }, 200);
  });

  router.openapi(remove, async (c) => {
    const { sha256, tag } = c.req.valid("param");
    const given = { sha256s: [sha256], tags: [tag] };
    const changed = await api.sampleTags.remove(given, { ...annotatorOf(c), any: mayAll(c) }, readerOf(c));
    if (changed.length === 0) {
      throw new ProblemError("not-found", `Cannot find a tag '${tag}' of this key on sample '${sha256}'`);
    }
    await note(api.audit, c, "tag.remove", sha256, { tag });
    return c.body(null, 204);
  });

  router.openapi(history, async (c) => {
    const { sha256 } = c.req.valid("param");
    const visibility = readerOf(c);
    if (!await api.sampleFacts.isVisible(sha256, visibility)) throw noSample(sha256);
    const page = pageRequest(c.req.valid("query"));
    return c.json(sendPage(await api.sampleTags.history(sha256, page, visibility)), 200);
  });

  router.openapi(count, async (c) => {
    const { prefix, ...page } = c.req.valid("query");
    return c.json(sendPage(await api.sampleTags.count(prefix, pageRequest(page), readerOf(c))), 200);
  });

  return router;
}

function noSample(sha256: Sha256): ProblemError {
  return new ProblemError("not-found", `Cannot find sample '${sha256}'`);
}
