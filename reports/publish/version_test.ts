import type { HeldObject } from "@assay/infra";
import assert from "node:assert/strict";
import { models } from "../fixtures/reports.ts";
import { buildBundle } from "../stix/build.ts";
import { EPOCH } from "../stix/context.ts";
import { markingId } from "../stix/marking.ts";
import type { StixObject } from "../stix/object.ts";
import { testSettings } from "../stix/testing.ts";
import { isRevocable, nextVersion, revokedVersion } from "./version.ts";

const T1 = "2026-01-01T00:00:00.000Z";
const T2 = "2026-01-02T00:00:00.000Z";

const held = (object: StixObject, revoked = false): HeldObject => ({
  content: JSON.stringify(object),
  revoked,
});
const note = (modified: string, content: string): StixObject => ({
  type: "note",
  spec_version: "2.1",
  id: "note--1",
  modified,
  content,
});
const host = (tlp: "green" | "amber", more: Record<string, unknown> = {}): StixObject => ({
  type: "file",
  spec_version: "2.1",
  id: "file--1",
  ...more,
  object_marking_refs: [markingId(tlp)],
});
const contentOf = (before: HeldObject | null, object: StixObject) => {
  const next = nextVersion(before, object);
  return next && { ...next, content: JSON.parse(next.content) as StixObject };
};

Deno.test("nextVersion() adds what is new, nothing for the same, and never an earlier `modified`", () => {
  assert.equal(contentOf(null, note(T1, "a"))!.version, T1);
  assert.equal(contentOf(held(note(T1, "a")), note(T1, "a")), null);
  assert.equal(contentOf(held(note(T2, "a")), note(T1, "a")), null);
  assert.equal(contentOf(held(note(T1, "a")), note(T2, "b"))!.version, T2);
  const same = contentOf(held(note(T1, "a")), note(T1, "b"))!;
  assert.deepEqual([same.version, same.content["modified"]], [
    "2026-01-01T00:00:00.001Z",
    "2026-01-01T00:00:00.001Z",
  ]);
  const back = contentOf(held(note(T2, "b")), note(T1, "a"))!;
  assert.deepEqual([back.version, back.content["content"]], ["2026-01-02T00:00:00.001Z", "a"]);
  const moved = { ...back, content: JSON.stringify(back.content) };
  assert.equal(contentOf(moved, note(T1, "a")), null, "what was moved forth is known again");
  assert.equal(contentOf(held(note(T1, "a"), true), note(T2, "b")), null, "revoked for good");
});

Deno.test("nextVersion() makes one observable of what several reports say, at the least restricted level", () => {
  const first = host("amber", { size: 1, contains_refs: ["file--3"] });
  const next = contentOf(held(first), host("green", { contains_refs: ["file--2"] }))!;
  assert.deepEqual([next.version, next.replaces], [null, true]);
  assert.deepEqual(next.content, {
    ...host("green", { size: 1 }),
    contains_refs: ["file--2", "file--3"],
    object_marking_refs: [markingId("green")],
  });
  const merged = held(next.content);
  assert.equal(contentOf(merged, first), null, "the first report changes nothing any more");
  assert.equal(contentOf(merged, host("amber")), null);
});

Deno.test("revoked versions are valid, later, and without words; what others may need is never revoked", async () => {
  const settings = await testSettings();
  const kinds = new Set<string>();
  for (const [name, model] of models()) {
    const { objects } = buildBundle(model, settings);
    for (const object of objects) {
      const isShared = object["created"] === EPOCH || object["created_by_ref"] === undefined;
      assert.equal(isRevocable(object), !isShared, `${name} ${object.id}`);
      if (isShared) continue;
      kinds.add(object.type);
      const version = revokedVersion(object, T1);
      const revoked = JSON.parse(version.content) as StixObject;
      assert.deepEqual(settings.schemas.findProblems(revoked), [], object.type);
      assert.deepEqual([version.revoked, revoked["revoked"], version.id], [true, true, object.id]);
      assert(String(revoked["modified"]) > String(object["modified"]));
      assert.equal(/abstract|labels|authors/.test(version.content), false);
      for (const name of ["name", "description", "content"]) {
        assert(
          [undefined, "Withdrawn"].includes(revoked[name] as string | undefined),
          `${object.type} ${name}`,
        );
      }
    }
    const [some] = objects.filter(isRevocable);
    if (some) {
      assert.equal(
        JSON.parse(revokedVersion(some, "2100-01-01T00:00:00.000Z").content).modified,
        "2100-01-01T00:00:00.000Z",
      );
    }
  }
  assert.deepEqual([...kinds].sort(), [
    "indicator",
    "malware",
    "malware-analysis",
    "note",
    "observed-data",
    "relationship",
    "report",
  ]);
});
