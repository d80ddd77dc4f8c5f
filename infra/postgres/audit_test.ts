import type { KeyId } from "@assay/core";
import assert from "node:assert/strict";
import { createAudit } from "./audit.ts";
import type { AuditEntry } from "./repositories.ts";
import { testSql } from "./testing.ts";

const entry = {
  keyId: "01J0000000000000000000000A" as KeyId,
  keyName: "a\0b",
  action: "sample.download",
  target: "\ud800",
  address: "127.0.0.1",
  detail: { "na\0me": ["x\0", 1, null, { deep: "\udfff" }] },
};

Deno.test("append() keeps what hostile text can be kept", async () => {
  await using database = await testSql();
  const audit = createAudit(database.sql);
  await audit.append(entry);
  const [kept] = (await audit.list({}, { size: 10 })).items;
  assert.equal(kept!.keyName, "a\ufffdb");
  assert.equal(kept!.target, "\ufffd");
  assert.deepEqual(kept!.detail, { "na\ufffdme": ["x\ufffd", 1, null, { deep: "\ufffd" }] });
  assert.match(kept!.at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

Deno.test("list() gives what was done by a key or of a kind, newest first, page by page", async () => {
  await using database = await testSql();
  const audit = createAudit(database.sql);
  for (let at = 0; at < 7; at++) {
    const action = at % 2 === 0 ? "key.create" : "key.revoke";
    await audit.append({ ...entry, keyId: at < 4 ? entry.keyId : null, action, target: `${at}` });
  }
  const targets: (string | null)[] = [];
  for (let cursor: string | undefined = undefined;;) {
    const page: { items: readonly AuditEntry[]; cursor: string | null } = await audit.list(
      { action: "key.create" },
      { size: 2, cursor },
    );
    targets.push(...page.items.map(({ target }) => target));
    if (page.cursor === null) break;
    cursor = page.cursor;
  }
  assert.deepEqual(targets, ["6", "4", "2", "0"]);
  const both = await audit.list({ action: "key.create", keyId: entry.keyId }, { size: 10 });
  assert.deepEqual(both.items.map(({ target }) => target), ["2", "0"]);
  assert.deepEqual((await audit.list({ action: "' or true --" }, { size: 10 })).items, []);
  for (const cursor of ["x", btoa("-1"), btoa("1e3"), btoa("9".repeat(30))]) {
    await assert.rejects(audit.list({}, { size: 2, cursor }), { name: "CursorError" });
  }
});
