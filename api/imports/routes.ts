import {
  Import as CoreImport,
  IMPORT_LIMITS,
  ImportEffect as CoreImportEffect,
  importFormats,
  ImportId,
  type ImportReading,
  JobId,
  Sha256,
  Tlp,
} from "@assay/core";
import { createRoute, z } from "@hono/zod-openapi";
import { createHash } from "node:crypto";
import { annotatorOf, readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, named } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { limitBody } from "../limits/body.ts";
import { countOpen } from "../limits/open.ts";
import { ProblemError, problems } from "../problem/problem.ts";
import { samplesOf } from "./samples.ts";

const Import = named(CoreImport, "Import");
const ImportEffect = named(CoreImportEffect, "ImportEffect");
const ImportRemoval = z.object({
  hashes: z.int(),
  notes: z.int(),
  notesKept: z.int().openapi({ description: "Notes that stay since somebody changed them" }),
  jobId: JobId.nullable().openapi({ description: "The job that judges its samples anew" }),
}).openapi("ImportRemoval");

const tags = ["imports"];
const params = z.object({ id: ImportId });
const yesNo = z.enum(["true", "false"]).default("false");
const { security, middleware } = needs("admin");
// A plain schema, not zod's: a validator would take JSON apart here, whatever is in it.
const file = { schema: { type: "string" as const, format: "binary" } };

const create = createRoute({
  security,
  middleware: [middleware, limitBody(IMPORT_LIMITS.bytes)] as const,
  method: "post",
  path: "/imports",
  operationId: "createImport",
  tags,
  summary: "Import what a partner sent",
  description:
    "A STIX 2.1 bundle (`stix`), a hash a line (`text`), a table (`csv`) or entries as `PUT /hashes` takes them (`known`). Hashes " +
    "that it calls bad are known bad from then on, its texts about samples that are here become notes, and a job judges those " +
    "samples anew. Levels are kept: nothing is taken at a lower one than it is marked with. What is invalid is left out and told, " +
    "or all of it refused with `strict`. The same file from the same source again changes nothing.",
  request: {
    query: z.object({
      source: z.string().trim().min(1).max(100).openapi({ description: "Who sent it" }),
      format: z.enum(importFormats).default("stix"),
      tlp: Tlp.optional().openapi({
        description: "Of what has no level of its own; as a submission's where left out",
      }),
      verdict: z.enum(["good", "bad"]).default("bad").openapi({ description: "What hashes of lists are" }),
      name: z.string().trim().min(1).max(255).optional().openapi({
        description: "Of the file, to know it by",
      }),
      strict: yesNo.openapi({ description: "Refuse all where some of it is invalid" }),
      dryRun: yesNo.openapi({ description: "Only tell what it would bring" }),
    }),
    body: {
      required: true,
      content: {
        "application/stix+json": file,
        "application/json": file,
        "text/plain": file,
        "text/csv": file,
        "application/octet-stream": file,
      },
    },
  },
  responses: {
    200: json(
      z.object({ isNew: z.literal(false), import: Import.nullable(), effect: ImportEffect.nullable() })
        .openapi("ImportAnswer"),
      "What `dryRun` would bring (`effect`, null where it is there already); or the import that is there already (`import`)",
    ),
    201: json(Import, "The import"),
    ...problems(400, 413, 504),
  },
});

const list = createRoute({
  ...needs("admin"),
  method: "get",
  path: "/imports",
  operationId: "listImports",
  tags,
  summary: "What partners sent, newest first",
  request: { query: z.object(pageQuery) },
  responses: { 200: json(pageOf(Import, "Import"), "A page of imports"), ...problems(400) },
});

const find = createRoute({
  ...needs("admin"),
  method: "get",
  path: "/imports/{id}",
  operationId: "findImport",
  tags,
  summary: "One import",
  request: { params },
  responses: { 200: json(Import, "The import"), ...problems(400, 404) },
});

const samples = createRoute({
  ...needs("admin"),
  method: "get",
  path: "/imports/{id}/samples",
  operationId: "listImportSamples",
  tags,
  summary: "Samples that an import spoke of, to look at or to scan again",
  request: { params, query: z.object(pageQuery) },
  responses: { 200: json(pageOf(Sha256, "ImportSamples"), "A page of samples"), ...problems(400, 404) },
});

const remove = createRoute({
  ...needs("admin"),
  method: "delete",
  path: "/imports/{id}",
  operationId: "removeImport",
  tags,
  summary: "Take out what an import brought; its samples are judged anew",
  request: { params },
  responses: { 200: json(ImportRemoval, "What was taken out"), ...problems(400, 404) },
});

/** What partners sent: import it, look at it, take it out again. */
export function importRoutes(api: ApiDependencies) {
  const router = createRouter();
  const imports = countOpen(api.settings.maxImports, "too-many-imports", "import");

  router.openapi(create, async (c) => {
    const onEnd = imports.open(c.get("key").id);
    try {
      const { source, format, verdict, tlp = api.settings.defaultTlp, name = null, ...how } = c.req.valid(
        "query",
      );
      const file = new Uint8Array(await c.req.arrayBuffer());
      const options = { format, tlp, verdict };
      const signal = AbortSignal.any([c.req.raw.signal, AbortSignal.timeout(api.settings.answerWithin)]);
      const reading = await api.importReader.read(file, options, signal);
      if (how.strict === "true" && reading.refused.count > 0) throw refused(reading);
      const given = {
        source,
        name,
        format,
        digest: digestOf(options, file),
        reading,
        samples: await samplesOf(reading, api.search, readerOf(c), signal),
      };
      if (how.dryRun === "true") {
        const effect = await api.imports.preview(given, annotatorOf(c), readerOf(c));
        return c.json({ isNew: false as const, import: null, effect }, 200);
      }
      const added = await api.imports.add(given, annotatorOf(c), readerOf(c));
      if (!added.isNew) return c.json({ isNew: false as const, import: added.import, effect: null }, 200);
      const { id, hashes, notes } = added.import;
      await note(api.audit, c, "import.create", id, { source, format, hashes, notes, tlp: added.import.tlp });
      return c.json(added.import, 201, { location: `/api/v1/imports/${id}` });
    } finally {
      onEnd();
    }
  });

  router.openapi(list, async (c) => {
    return c.json(sendPage(await api.imports.list(pageRequest(c.req.valid("query")), readerOf(c))), 200);
  });

  router.openapi(find, async (c) => {
    const { id } = c.req.valid("param");
    const found = await api.imports.find(id, readerOf(c));
    if (!found) throw missing(id);
    return c.json(found, 200);
  });

  router.openapi(samples, async (c) => {
    const { id } = c.req.valid("param");
    const page = await api.imports.samples(id, pageRequest(c.req.valid("query")), readerOf(c));
    if (!page) throw missing(id);
    return c.json(sendPage(page), 200);
  });

  router.openapi(remove, async (c) => {
    const { id } = c.req.valid("param");
    const removal = await api.imports.remove(id, annotatorOf(c), readerOf(c));
    if (!removal) throw missing(id);
    const { hashes, notes, notesKept } = removal;
    await note(api.audit, c, "import.delete", id, { hashes, notes, notesKept });
    return c.json(removal, 200);
  });

  return router;
}

/** Names a file and how it is read. */
function digestOf(options: object, file: Uint8Array): string {
  return createHash("sha256").update(JSON.stringify(options)).update("\n").update(file).digest("hex");
}

function refused({ refused }: ImportReading): ProblemError {
  const { count, first } = refused;
  const errors = first.slice(0, 20).map(({ where, why }) => ({ field: where, message: why }));
  const told = `the first in ${first[0]?.where}: ${first[0]?.why}`;
  return new ProblemError("import-refused", `Cannot import: ${count} parts are invalid, ${told}`, {
    extra: { errors },
  });
}

function missing(id: ImportId): ProblemError {
  return new ProblemError("not-found", `Cannot find import '${id}'`);
}
