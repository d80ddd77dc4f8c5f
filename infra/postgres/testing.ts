import type { Sha256, SubmittedFile } from "@assay/core";
import { createHash } from "node:crypto";
import { testDatabase } from "../stack/testing.ts";
import { connectPostgres, type Sql } from "./connect.ts";
import { createKeys } from "./keys.ts";
import { migrate } from "./migrate.ts";
import type { ApiKey, NewSubmission } from "./repositories.ts";

/** A migrated database of its own, dropped at the end of `await using`. */
export async function testSql(): Promise<AsyncDisposable & { readonly sql: Sql; readonly url: string }> {
  const database = await testDatabase();
  const sql = connectPostgres({ url: database.url, name: "test", max: 8 });
  await migrate(sql);
  return {
    sql,
    url: database.url,
    async [Symbol.asyncDispose]() {
      await sql.end({ timeout: 5 });
      await database[Symbol.asyncDispose]();
    },
  };
}

/** A key that may do everything up to a level. */
export async function testKey(sql: Sql, maxTlp: ApiKey["maxTlp"] = "red", name = "tester"): Promise<ApiKey> {
  return (await createKeys(sql).create({ name, scopes: ["admin"], maxTlp, expires: null })).key;
}

/** A file that is told from others by its content. */
export function testFile(content: string): SubmittedFile {
  const sha256 = createHash("sha256").update(content).digest("hex") as Sha256;
  return { sha256, size: content.length, name: `${content}.bin` };
}

/** A submission with usual options. */
export function testSubmission(
  owner: ApiKey,
  files: readonly SubmittedFile[],
  given: Partial<NewSubmission> = {},
): NewSubmission {
  return {
    owner: owner.id,
    ownerName: owner.name,
    tlp: "amber",
    tags: [],
    metadata: {},
    priority: "bulk",
    rescan: "latest",
    modules: null,
    password: null,
    files,
    maxAttempts: 3,
    ...given,
  };
}
