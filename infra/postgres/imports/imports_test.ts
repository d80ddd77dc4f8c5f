import { EVERYTHING, type ImportedHash, type ImportReading, type Sha256, type Visibility } from "@assay/core";
import assert from "node:assert/strict";
import type { Sql } from "../connect.ts";
import { createJobs } from "../jobs.ts";
import { createKnownHashes } from "../known_hashes.ts";
import { createNotes } from "../notes.ts";
import type { ApiKey } from "../repositories.ts";
import { createSubmissions } from "../submissions.ts";
import { testFile, testKey, testSql, testSubmission } from "../testing.ts";
import { createImports, type NewImport } from "./imports.ts";

const none = { count: 0, first: [] };
const hash = (value: string, given: Partial<ImportedHash> = {}): ImportedHash => ({
  algorithm: "sha256",
  value,
  verdict: "bad",
  tlp: "amber",
  note: null,
  ...given,
});

function reading(given: Partial<ImportReading>): ImportReading {
  return { objects: 1, hashes: [], texts: [], refused: none, notUnderstood: none, ...given };
}

function newImport(given: Partial<ImportReading>, more: Partial<NewImport> = {}): NewImport {
  return {
    source: "cert-x",
    name: "feed.json",
    format: "stix",
    digest: JSON.stringify(given),
    reading: reading(given),
    samples: new Map(),
    ...more,
  };
}

const visibilityOf = (key: ApiKey): Visibility => ({ reader: key.id, maxTlp: key.maxTlp });

/** A sample at that level, and its digest. */
async function sample(sql: Sql, owner: ApiKey, content: string, tlp: ApiKey["maxTlp"]): Promise<Sha256> {
  const file = testFile(content);
  await createSubmissions(sql).create(testSubmission(owner, [file], { tlp }), EVERYTHING);
  return file.sha256;
}

Deno.test("add() brings hashes and notes at their levels, and remove() takes exactly them out", async () => {
  await using database = await testSql();
  const { sql } = database;
  const key = await testKey(sql);
  const imports = createImports(sql);
  const here = await sample(sql, key, "here", "green");
  const md5 = "b".repeat(32);
  const given = newImport({
    hashes: [hash(here, { tlp: "green", note: "Emotet" }), hash(md5, { algorithm: "md5", tlp: "red" })],
    texts: [{ text: "It drops things", tlp: "amber", hashes: [md5, "c".repeat(64)] }],
  }, { samples: new Map([[md5, [here]]]) });

  const { import: made, isNew } = await imports.add(given, key, visibilityOf(key));

  assert(isNew);
  assert.deepEqual(
    [made.hashes, made.alreadyKnown, made.samples, made.texts, made.notes, made.tlp],
    [2, 0, 1, 1, 1, "red"],
  );
  const [known] = await createKnownHashes(sql).match([{ sha256: here, md5, tlp: "red" }]);
  assert.deepEqual(
    known!.map(({ value, source, note, tlp, importId }) => [value, source, note, tlp, importId]),
    [[here, "cert-x", "Emotet", "green", made.id], [md5, "cert-x", null, "red", made.id]],
  );
  const notes = createNotes(sql);
  const { items } = await notes.list(here, { size: 10 }, EVERYTHING);
  assert.deepEqual(items.map(({ text, tlp, author }) => [text, tlp, author]), [
    ["It drops things", "amber", "cert-x (import)"],
  ]);
  const job = await createJobs(sql).find(made.jobId!);
  assert.deepEqual([job!.kind, job!.params], ["import.judge", { importId: made.id }]);
  assert.deepEqual(await imports.spokenOf(made.id, "", 10), [here]);

  const removal = await imports.remove(made.id, key, visibilityOf(key));

  assert.deepEqual([removal!.hashes, removal!.notes, removal!.notesKept], [2, 1, 0]);
  assert.notEqual(removal!.jobId, made.jobId);
  assert.deepEqual(await createKnownHashes(sql).match([{ sha256: here, md5, tlp: "red" }]), [[]]);
  assert.deepEqual((await notes.list(here, { size: 10 }, EVERYTHING)).items, []);
  const versions = await notes.versions({ sha256: here, id: items[0]!.id }, true, EVERYTHING);
  assert.deepEqual(versions!.map(({ version, text }) => [version, text]), [[2, null], [
    1,
    "It drops things",
  ]]);
  assert.equal(await imports.find(made.id, EVERYTHING), null);
  assert.equal(await imports.remove(made.id, key, visibilityOf(key)), null);
});

Deno.test("add() of the same file changes nothing, also by several at once; after its removal it counts again", async () => {
  await using database = await testSql();
  const { sql } = database;
  const key = await testKey(sql);
  const imports = createImports(sql);
  const given = newImport({ hashes: [hash("a".repeat(64))] });
  const add = () => imports.add(given, key, visibilityOf(key));

  const all = await Promise.all([add(), add(), add()]);

  assert.equal(all.filter(({ isNew }) => isNew).length, 1);
  assert.equal(new Set(all.map((one) => one.import.id)).size, 1);
  assert.equal((await imports.list({ size: 10 }, EVERYTHING)).items.length, 1);
  assert.equal((await createKnownHashes(sql).list({ size: 10 }, EVERYTHING)).items.length, 1);
  await imports.remove(all[0]!.import.id, key, visibilityOf(key));
  assert((await add()).isNew);
});

Deno.test("what two imports bring alike goes with the last of them, and counts once until then", async () => {
  await using database = await testSql();
  const { sql } = database;
  const key = await testKey(sql);
  const imports = createImports(sql);
  const here = await sample(sql, key, "twice", "green");
  const brought = { hashes: [hash(here)], texts: [{ text: "Seen", tlp: "green" as const, hashes: [here] }] };
  const first = await imports.add(newImport(brought), key, visibilityOf(key));
  const second = await imports.add(newImport({ ...brought, objects: 2 }), key, visibilityOf(key));

  assert.deepEqual([second.import.hashes, second.import.alreadyKnown, second.import.notes], [1, 1, 1]);
  const state = async () => {
    const [known] = await createKnownHashes(sql).match([{ sha256: here, tlp: "red" }]);
    const { items } = await createNotes(sql).list(here, { size: 10 }, EVERYTHING);
    return [known!.length, items.length];
  };
  assert.deepEqual(await state(), [1, 1]);
  await imports.remove(first.import.id, key, visibilityOf(key));
  assert.deepEqual(await state(), [1, 1]);
  await imports.remove(second.import.id, key, visibilityOf(key));
  assert.deepEqual(await state(), [0, 0]);
});

Deno.test("remove() leaves a note that somebody changed", async () => {
  await using database = await testSql();
  const { sql } = database;
  const key = await testKey(sql);
  const imports = createImports(sql);
  const here = await sample(sql, key, "edited", "green");
  const texts = [{ text: "As sent", tlp: "green" as const, hashes: [here] }];
  const { import: made } = await imports.add(newImport({ texts }), key, visibilityOf(key));
  const notes = createNotes(sql);
  const [note] = (await notes.list(here, { size: 10 }, EVERYTHING)).items;
  await notes.edit(
    { sha256: here, id: note!.id },
    { text: "Corrected", tlp: "green", version: 1 },
    key,
    visibilityOf(key),
  );

  const removal = await imports.remove(made.id, key, visibilityOf(key));

  assert.deepEqual([removal!.notes, removal!.notesKept], [0, 1]);
  assert.equal((await notes.list(here, { size: 10 }, EVERYTHING)).items[0]!.text, "Corrected");
});

Deno.test("preview() tells what add() would do and changes nothing", async () => {
  await using database = await testSql();
  const { sql } = database;
  const key = await testKey(sql);
  const imports = createImports(sql);
  const here = await sample(sql, key, "preview", "green");
  const given = newImport({
    hashes: [hash(here), hash("d".repeat(64))],
    texts: [{ text: "Text", tlp: "green", hashes: [here] }],
    refused: { count: 1, first: [{ where: "object 3", why: "bad" }] },
  });

  const told = await imports.preview(given, key, visibilityOf(key));

  for (const table of ["imports", "known_hashes", "notes", "import_samples", "jobs"]) {
    assert.deepEqual([...await sql`select from ${sql(table)}`], [], table);
  }
  const { import: made } = await imports.add(given, key, visibilityOf(key));
  assert.deepEqual(
    told,
    Object.fromEntries(Object.keys(told!).map((name) => [name, made[name as "hashes"]])),
  );
  assert.deepEqual([told!.hashes, told!.samples, told!.notes, told!.refused.count], [2, 1, 1, 1]);
  assert.equal(await imports.preview(given, key, visibilityOf(key)), null);
});

Deno.test("an importer learns of and writes to no sample that he may not see, but it is judged anew", async () => {
  await using database = await testSql();
  const { sql } = database;
  const [high, low] = [await testKey(sql), await testKey(sql, "green", "low")];
  const imports = createImports(sql);
  const [secret, open] = [await sample(sql, high, "secret", "red"), await sample(sql, high, "open", "green")];
  const given = newImport({
    hashes: [hash(secret, { tlp: "green" }), hash(open, { tlp: "green" })],
    texts: [{ text: "Both", tlp: "green", hashes: [secret, open] }],
  });

  const { import: made } = await imports.add(given, low, visibilityOf(low));

  assert.deepEqual([made.samples, made.notes], [1, 1]);
  assert.deepEqual((await createNotes(sql).list(secret, { size: 10 }, EVERYTHING)).items, []);
  assert.deepEqual((await imports.samples(made.id, { size: 10 }, visibilityOf(low)))!.items, [open]);
  assert.deepEqual(await imports.spokenOf(made.id, "", 10), [secret, open].sort());
  const other = await testKey(sql, "clear", "other");
  assert.equal(await imports.find(made.id, visibilityOf(other)), null);
  assert.equal(await imports.samples(made.id, { size: 10 }, visibilityOf(other)), null);
  assert.equal(await imports.remove(made.id, other, visibilityOf(other)), null);
});

Deno.test("add() leaves out notes beyond what one key may have on a sample, and says how many", async () => {
  await using database = await testSql();
  const { sql } = database;
  const key = await testKey(sql);
  const here = await sample(sql, key, "crowded", "green");
  const texts = Array.from({ length: 105 }, (_, at) => ({
    text: `Note ${at}`,
    tlp: "green" as const,
    hashes: [here],
  }));

  const { import: made } = await createImports(sql).add(newImport({ texts }), key, visibilityOf(key));

  assert.deepEqual([made.notes, made.notesLeftOut], [100, 5]);
});
