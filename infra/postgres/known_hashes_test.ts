import { EVERYTHING, type Sha256 } from "@assay/core";
import assert from "node:assert/strict";
import { createKnownHashes } from "./known_hashes.ts";
import type { KnownHash } from "./repositories.ts";
import { testSql } from "./testing.ts";

/** As the list gives it. */
const kept = (hash: Omit<KnownHash, "importId">): KnownHash => ({ ...hash, importId: null });

const sha256 = (digit: string) => digit.repeat(64) as Sha256;
const good: Omit<KnownHash, "importId"> = {
  algorithm: "sha256",
  value: sha256("a"),
  verdict: "good",
  source: "nsrl",
  note: null,
  tlp: "clear",
};
const bad: Omit<KnownHash, "importId"> = {
  algorithm: "md5",
  value: "b".repeat(32),
  verdict: "bad",
  source: "partner",
  note: "x",
  tlp: "clear",
};

Deno.test("match() finds a sample by any of its digests, each source once", async () => {
  await using database = await testSql();
  const known = createKnownHashes(database.sql);
  const other: typeof good = { ...good, verdict: "bad", source: "other" };
  assert.equal(await known.put([good, bad, other]), 3);
  const found = await known.match([
    { sha256: sha256("a"), sha1: "0".repeat(40), md5: bad.value, tlp: "clear" },
    { sha256: sha256("c"), md5: bad.value, tlp: "clear" },
    { sha256: sha256("d"), tlp: "clear" },
  ]);
  assert.deepEqual(found, [[kept(good), kept(other), kept(bad)], [kept(bad)], []]);
  assert.deepEqual(await known.match([]), []);
});

Deno.test("match() and list() tell nothing to whom an entry's level is not for", async () => {
  await using database = await testSql();
  const known = createKnownHashes(database.sql);
  const amber: typeof bad = { ...bad, source: "partner-2", tlp: "amber" };
  await known.put([bad, amber]);
  const matched = await known.match(
    (["green", "amber", "red"] as const).map((tlp) => ({ sha256: sha256("c"), md5: bad.value, tlp })),
  );
  assert.deepEqual(matched, [[kept(bad)], [kept(bad), kept(amber)], [kept(bad), kept(amber)]]);
  const listed = await known.list({ size: 10 }, { reader: null, maxTlp: "green" });
  assert.deepEqual(listed.items, [kept(bad)]);
});

Deno.test("put() replaces what the same source said; the last of the same request counts", async () => {
  await using database = await testSql();
  const known = createKnownHashes(database.sql);
  await known.put([good]);
  assert.equal(await known.put([{ ...good, verdict: "bad", note: "1" }, { ...good, note: "a\0b" }]), 1);
  assert.deepEqual((await known.list({ size: 10 }, EVERYTHING)).items, [
    kept({ ...good, note: "a\ufffdb" }),
  ]);
  assert.equal(await known.put([]), 0);
  // Two sources that become the same once they can be stored.
  assert.equal(await known.put([{ ...bad, source: "s\0" }, { ...bad, source: "s\ufffd" }]), 1);
});

Deno.test("remove() forgets a hash of every source", async () => {
  await using database = await testSql();
  const known = createKnownHashes(database.sql);
  await known.put([good, { ...good, source: "other" }, bad]);
  assert.equal(await known.remove(good.value), 2);
  assert.equal(await known.remove(good.value), 0);
  assert.equal(await known.remove("' or true --"), 0);
  assert.deepEqual((await known.list({ size: 10 }, EVERYTHING)).items, [kept(bad)]);
});

Deno.test("list() pages through all, whatever characters a source has", async () => {
  await using database = await testSql();
  const known = createKnownHashes(database.sql);
  const sources = ["a b", "a\nb", "\u202eevil", "\ud83d\ude00", "'; drop table known_hashes; --"];
  await known.put(sources.map((source) => ({ ...good, source })));
  const found: string[] = [];
  for (let cursor: string | undefined = undefined;;) {
    const page: { items: readonly KnownHash[]; cursor: string | null } = await known.list({
      size: 1,
      cursor,
    }, EVERYTHING);
    found.push(...page.items.map(({ source }) => source));
    if (page.cursor === null) break;
    cursor = page.cursor;
  }
  assert.deepEqual(found.toSorted(), sources.toSorted());
  await assert.rejects(known.list({ size: 1, cursor: btoa("zz") }, EVERYTHING), { name: "CursorError" });
});

Deno.test("put() takes many rows in one statement", async () => {
  await using database = await testSql();
  const known = createKnownHashes(database.sql);
  const many = Array.from({ length: 20_000 }, (_, at): typeof good => ({
    ...good,
    value: at.toString(16).padStart(64, "0"),
  }));
  assert.equal(await known.put(many), 20_000);
});
