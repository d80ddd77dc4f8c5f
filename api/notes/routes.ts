import { Note as CoreNote, NoteId, NoteText, NoteVersion as CoreNoteVersion, Sha256, Tlp } from "@assay/core";
import type { NoteRefusal } from "@assay/infra";
import { createRoute, z } from "@hono/zod-openapi";
import { annotatorOf, mayAll, readerOf } from "../access/reader.ts";
import { needs } from "../access/scope.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { json, jsonBody, named } from "../app/json.ts";
import { pageOf, pageQuery, pageRequest, sendPage } from "../app/page.ts";
import { createRouter } from "../app/router.ts";
import { note } from "../audit/note.ts";
import { ProblemError, problems } from "../problem/problem.ts";

const Note = named(CoreNote, "Note");
const NoteVersion = named(CoreNoteVersion, "NoteVersion");
const tags = ["notes"];
const sample = z.object({ sha256: Sha256 });
const place = z.object({ sha256: Sha256, id: NoteId });

const list = createRoute({
  ...needs("read"),
  method: "get",
  path: "/samples/{sha256}/notes",
  operationId: "listNotes",
  tags,
  summary: "What analysts wrote about a sample, newest first",
  request: { params: sample, query: z.object(pageQuery) },
  responses: { 200: json(pageOf(Note, "Note"), "A page of notes"), ...problems(400, 404) },
});

const add = createRoute({
  ...needs("annotate"),
  method: "post",
  path: "/samples/{sha256}/notes",
  operationId: "addNote",
  tags,
  summary: "Write a note about a sample",
  request: {
    params: sample,
    body: jsonBody(
      z.strictObject({
        text: NoteText,
        tlp: Tlp.optional().openapi({ description: "Who may see it; as a submission's where left out" }),
      }).openapi("NewNote"),
    ),
  },
  responses: { 201: json(Note, "The note"), ...problems(400, 404, 409) },
});

const edit = createRoute({
  ...needs("annotate"),
  method: "put",
  path: "/samples/{sha256}/notes/{id}",
  operationId: "editNote",
  tags,
  summary: "Change one's own note; what it said is kept",
  request: {
    params: place,
    body: jsonBody(
      z.strictObject({
        text: NoteText,
        tlp: Tlp,
        version: z.int().positive().openapi({ description: "The version that is changed" }),
      }).openapi("NoteEdit"),
    ),
  },
  responses: { 200: json(Note, "The note as it is now"), ...problems(400, 404, 409) },
});

const remove = createRoute({
  ...needs("annotate"),
  method: "delete",
  path: "/samples/{sha256}/notes/{id}",
  operationId: "removeNote",
  tags,
  summary: "Delete one's own note; administrators may delete any",
  request: { params: place },
  responses: { 204: { description: "Deleted" }, ...problems(400, 404) },
});

const versions = createRoute({
  ...needs("read"),
  method: "get",
  path: "/samples/{sha256}/notes/{id}/versions",
  operationId: "listNoteVersions",
  tags,
  summary: "What a note said over time, newest first; of a deleted one for its author and administrators",
  request: { params: place },
  responses: {
    200: json(z.object({ items: z.array(NoteVersion) }).openapi("NoteVersions"), "The versions"),
    ...problems(400, 404),
  },
});

/** Notes on samples, with what they said before. */
export function noteRoutes(api: ApiDependencies) {
  const router = createRouter();

  router.openapi(list, async (c) => {
    const { sha256 } = c.req.valid("param");
    const visibility = readerOf(c);
    if (!await api.sampleFacts.isVisible(sha256, visibility)) throw noSample(sha256);
    return c.json(sendPage(await api.notes.list(sha256, pageRequest(c.req.valid("query")), visibility)), 200);
  });

  router.openapi(add, async (c) => {
    const { sha256 } = c.req.valid("param");
    const { text, tlp = api.settings.defaultTlp } = c.req.valid("json");
    const added = await api.notes.add(sha256, { text, tlp }, annotatorOf(c), readerOf(c));
    if (!added) throw noSample(sha256);
    await note(api.audit, c, "note.add", sha256, { note: added.id, tlp });
    return c.json(added, 201);
  });

  router.openapi(edit, async (c) => {
    const at = c.req.valid("param");
    const edited = await api.notes.edit(at, c.req.valid("json"), annotatorOf(c), readerOf(c));
    if (typeof edited === "string") throw refused(edited, at.id);
    await note(api.audit, c, "note.edit", at.sha256, {
      note: at.id,
      version: edited.version,
      tlp: edited.tlp,
    });
    return c.json(edited, 200);
  });

  router.openapi(remove, async (c) => {
    const at = c.req.valid("param");
    const end = await api.notes.remove(at, { ...annotatorOf(c), any: mayAll(c) }, readerOf(c));
    if (end !== "removed") throw refused(end, at.id);
    await note(api.audit, c, "note.delete", at.sha256, { note: at.id });
    return c.body(null, 204);
  });

  router.openapi(versions, async (c) => {
    const at = c.req.valid("param");
    const items = await api.notes.versions(at, mayAll(c), readerOf(c));
    if (!items) throw refused("not-found", at.id);
    return c.json({ items }, 200);
  });

  return router;
}

function refused(why: NoteRefusal, id: NoteId): ProblemError {
  switch (why) {
    case "not-found":
      return new ProblemError("not-found", `Cannot find note '${id}'`);
    case "not-owner":
      return new ProblemError("not-owner", `Cannot change note '${id}': another key wrote it`);
    case "changed":
      return new ProblemError("changed-meanwhile", `Cannot change note '${id}': it has a newer version`);
  }
}

function noSample(sha256: Sha256): ProblemError {
  return new ProblemError("not-found", `Cannot find sample '${sha256}'`);
}
