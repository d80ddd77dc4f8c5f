import { Sha256 } from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json } from "../app/json.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { attachment } from "../headers/attachment.ts";
import { ProblemError, problems } from "../problem/problem.ts";
import { type ArchiveOptions, streamArchive } from "./archive.ts";
import { SampleSummary } from "./schema.ts";
import { summarize } from "./summary.ts";

const params = z.object({ sha256: Sha256 });
const tags = ["samples"];
const binary = { schema: { type: "string" as const, format: "binary" } };

const archiveQuery = {
  password: z.string().min(1).max(128).default("infected").openapi({ description: "Of the zip" }),
  encryption: z.enum(["zipcrypto", "aes"]).default("zipcrypto").openapi({
    description: "`zipcrypto` opens with every unzip; `aes` is WinZip's AES-256",
  }),
};

/** Samples of one archive. */
const MAX_MEMBERS = 100;

const find = createRoute({
  ...needs("read"),
  method: "get",
  path: "/samples/{sha256}",
  operationId: "findSample",
  tags,
  summary: "What is known of a sample",
  request: { params },
  responses: {
    200: json(SampleSummary, "The sample, as far as the key may see it"),
    ...problems(400, 404, 503),
  },
});

const download = createRoute({
  ...needs("download"),
  method: "get",
  path: "/samples/{sha256}/download",
  operationId: "downloadSample",
  tags,
  summary: "The bytes of a sample, bare or in a zip with a password",
  request: { params, query: z.object({ format: z.enum(["raw", "zip"]).default("raw"), ...archiveQuery }) },
  responses: {
    200: {
      description: "The bytes",
      content: { "application/octet-stream": binary, "application/zip": binary },
    },
    ...problems(400, 404, 503),
  },
});

const downloadMany = createRoute({
  ...needs("download"),
  method: "get",
  path: "/samples/download.zip",
  operationId: "downloadSamples",
  tags,
  summary: "Many samples in one zip with a password",
  request: {
    query: z.object({
      sha256: z.preprocess(
        (given) => typeof given === "string" ? [given] : given,
        z.array(Sha256).min(1).max(MAX_MEMBERS),
      )
        .openapi({
          type: "array",
          items: { type: "string", pattern: "^[0-9a-f]{64}$" },
          description: "Repeat it for each",
        }),
      ...archiveQuery,
    }),
  },
  responses: {
    200: { description: "The zip", content: { "application/zip": binary } },
    ...problems(400, 404, 503),
  },
});

/** Samples: what is known of them, and their bytes. */
export function sampleRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(downloadMany, async (c) => {
    const { sha256, ...options } = c.req.valid("query");
    const wanted = [...new Set(sha256)];
    for (const one of wanted) {
      const there = await api.sampleFacts.isVisible(one, readerOf(c)) && await api.samples.has(one);
      if (!there) throw missing(one);
    }
    for (const one of wanted) await note(api.audit, c, "sample.download", one, { format: "zip" });
    return sendArchive(wanted, "samples.zip", options);
  });

  router.openapi(find, async (c) => {
    const { sha256 } = c.req.valid("param");
    const summary = await summarize(sha256, readerOf(c), api);
    if (!summary) throw missing(sha256);
    return c.json(summary, 200);
  });

  router.openapi(download, async (c) => {
    const { sha256 } = c.req.valid("param");
    const { format, ...options } = c.req.valid("query");
    const visible = await api.sampleFacts.isVisible(sha256, readerOf(c));
    if (!visible || !await api.samples.has(sha256)) throw missing(sha256);
    await note(api.audit, c, "sample.download", sha256, { format });
    if (format === "zip") return sendArchive([sha256], `${sha256}.zip`, options);
    const { size, stream } = await api.samples.open(sha256);
    return new Response(stream, {
      headers: { ...attachment(sha256, "application/octet-stream"), "content-length": String(size) },
    });
  });

  function sendArchive(sha256s: readonly Sha256[], name: string, options: ArchiveOptions): Response {
    return new Response(streamArchive(sha256s, api.samples, options), {
      headers: attachment(name, "application/zip"),
    });
  }

  return router;
}

function missing(sha256: Sha256): ProblemError {
  return new ProblemError("not-found", `Cannot find sample '${sha256}'`);
}
