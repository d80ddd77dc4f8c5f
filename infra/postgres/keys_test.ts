import { type KeyId, newId } from "@assay/core";
import assert from "node:assert/strict";
import { createKeys } from "./keys.ts";
import { testSql } from "./testing.ts";

const given = { name: "scanner", scopes: ["submit", "read"], maxTlp: "green", expires: null } as const;

Deno.test("create() gives a key's text once; the database holds no secret", async () => {
  await using database = await testSql();
  const keys = createKeys(database.sql);
  const { key, text } = await keys.create(given);
  assert.match(text, /^assay_[0-9A-HJKMNP-TV-Z]{26}_[A-Za-z0-9_-]{43}$/);
  assert.ok(text.startsWith(`assay_${key.id}_`));
  assert.deepEqual({ name: key.name, scopes: key.scopes, maxTlp: key.maxTlp, expires: key.expires }, given);
  const [row] = await database.sql`select keys::text as text, secret_hash from keys`;
  assert.ok(!row!["text"].includes(text.slice(-43)));
  assert.equal(row!["secret_hash"].length, 32);
  assert.notEqual((await keys.create(given)).text, text);
});

Deno.test("authenticate() knows a key by its whole text only", async () => {
  await using database = await testSql();
  const keys = createKeys(database.sql);
  const { key, text } = await keys.create(given);
  assert.equal((await keys.authenticate(text))!.id, key.id);
  const secret = text.slice(-43);
  const wrong = [
    "",
    "assay_",
    key.id,
    secret,
    text.slice(0, -1),
    `${text}A`,
    `${text}\n`,
    ` ${text}`,
    text.toLowerCase(),
    `assay_${newId<KeyId>()}_${secret}`,
    `assay_${key.id}_${"A".repeat(43)}`,
    `assay_${key.id}' or true --_${secret}`,
    `assay_${key.id}_${secret.slice(0, 42)}\0`,
    "assay_".repeat(100_000),
  ];
  for (const one of wrong) assert.equal(await keys.authenticate(one), null, JSON.stringify(one.slice(0, 80)));
});

Deno.test("authenticate() gives revoked and expired keys as such, and notes the use once a minute", async () => {
  await using database = await testSql();
  const keys = createKeys(database.sql);
  const { key, text } = await keys.create({ ...given, expires: "2026-01-02T03:04:05.678Z" as never });
  assert.equal((await keys.authenticate(text))!.expires, "2026-01-02T03:04:05.678Z");
  const used = (await keys.find(key.id))!.lastUsed;
  assert.notEqual(used, null);
  await keys.authenticate(text);
  assert.equal((await keys.find(key.id))!.lastUsed, used);
  await database.sql`update keys set last_used = now() - interval '61 seconds'`;
  await keys.authenticate(text);
  assert.ok((await keys.find(key.id))!.lastUsed! >= used!);
  const revoked = (await keys.revoke(key.id))!.revoked;
  assert.equal((await keys.authenticate(text))!.revoked, revoked);
  assert.equal((await keys.revoke(key.id))!.revoked, revoked, "it was revoked then, not now");
  assert.equal(await keys.revoke(newId<KeyId>()), null);
});

Deno.test("ensure() makes the administrator's key once, repairs it, and never brings a revoked one back", async () => {
  await using database = await testSql();
  const keys = createKeys(database.sql);
  const text = `assay_${newId<KeyId>()}_${"x".repeat(43)}`;
  const [first, second] = await Promise.all([keys.ensure(text, "admin"), keys.ensure(text, "admin")]);
  assert.equal(first.id, second.id);
  assert.ok(first.scopes.includes("admin"));
  assert.equal(first.maxTlp, "red");
  await database.sql`update keys set scopes = '{}', max_tlp = 0`;
  assert.deepEqual((await keys.ensure(text, "admin")).scopes, first.scopes);
  await keys.revoke(first.id);
  assert.notEqual((await keys.ensure(text, "admin")).revoked, null);
  await assert.rejects(keys.ensure("hunter2", "admin"), SyntaxError);
});

Deno.test("list() pages through keys, newest first", async () => {
  await using database = await testSql();
  const keys = createKeys(database.sql);
  const made: KeyId[] = [];
  for (let at = 0; at < 5; at++) made.unshift((await keys.create({ ...given, name: `k${at}` })).key.id);
  const one = await keys.list({ size: 3 });
  const two = await keys.list({ size: 3, cursor: one.cursor! });
  assert.deepEqual([...one.items, ...two.items].map(({ id }) => id), made);
  assert.equal(two.cursor, null);
  for (const cursor of ["x", "AAAA", "é", btoa("' or 1=1"), "A".repeat(10_000)]) {
    await assert.rejects(keys.list({ size: 3, cursor }), { name: "CursorError" });
  }
});
