import postgres from "postgres";
import { ulid } from "ulid";
import { z } from "zod";

/** Real servers that tests share: every test makes a database, an index prefix or a stream prefix of its own. */
export interface TestStack {
  readonly postgres: string;
  readonly nats: string;
  readonly elasticsearch: string;
}

const Schema = z.object({ postgres: z.url(), nats: z.url(), elasticsearch: z.url() });

/**
 * The servers of this test run, started by the `test` task and handed on in `ASSAY_TEST_STACK`.
 * @throws {Error} where the tests weren't started by the task
 */
export function testStack(): TestStack {
  const text = Deno.env.get("ASSAY_TEST_STACK");
  if (!text) {
    throw new Error(
      "Cannot find test servers: expected ASSAY_TEST_STACK; run tests by 'deno task test [FILE…]'",
    );
  }
  return Schema.parse(JSON.parse(text));
}

/** A short name that no other test uses: for index prefixes, streams and the like. Lower case. */
export function testName(): string {
  return `t${ulid().toLowerCase()}`;
}

/** An empty database of its own, dropped at the end of `await using`. */
export async function testDatabase(): Promise<AsyncDisposable & { readonly url: string }> {
  const admin = testStack().postgres;
  const name = testName();
  const run = async (statement: string) => {
    const sql = postgres(admin, { max: 1, onnotice: () => {} });
    try {
      await sql.unsafe(statement);
    } finally {
      await sql.end();
    }
  };
  await run(`create database ${name}`);
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return { url: url.href, [Symbol.asyncDispose]: () => run(`drop database ${name} with (force)`) };
}
