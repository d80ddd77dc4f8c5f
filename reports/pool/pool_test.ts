import { ExportError, type ExportRefusal } from "@assay/infra";
import assert from "node:assert/strict";
import { faultyJob, faultyPool } from "./testing.ts";
import type { RendererPool } from "./pool.ts";

const never = new AbortController().signal;

async function made(pool: RendererPool, name: string): Promise<string> {
  return new TextDecoder().decode(await pool.render(faultyJob(name), never));
}

function refused(pool: RendererPool, name: string, refusal: ExportRefusal, why: RegExp) {
  return assert.rejects(pool.render(faultyJob(name), never), (error) => {
    assert(error instanceof ExportError);
    assert.equal(error.refusal, refusal);
    assert.match(`${error.message} ${error.cause}`, why);
    return true;
  });
}

Deno.test("a form that takes too long fails alone and its renderer is replaced", async () => {
  await using pool = faultyPool({ size: 2, timeout: 3000 });
  const late = refused(pool, "spin", "timeout", /too long/);
  assert.deepEqual(await Promise.all(["a", "b", "c"].map((name) => made(pool, name))), ["a", "b", "c"]);
  await late;
  assert.deepEqual(await Promise.all(["d", "e"].map((name) => made(pool, name))), ["d", "e"]);
});

Deno.test("a form that takes too much memory fails alone and its renderer is replaced", async () => {
  await using pool = faultyPool({ size: 2 });
  const greedy = refused(pool, "eat", "too-large", /too much memory/);
  assert.equal(await made(pool, "a"), "a");
  await greedy;
  assert.deepEqual(await Promise.all(["b", "c"].map((name) => made(pool, name))), ["b", "c"]);
});

Deno.test("a renderer that dies or breaks the protocol costs only the form it was at", async () => {
  await using pool = faultyPool();
  const [died, babbled, next] = [
    refused(pool, "die", "failed", /ended with code 3/),
    refused(pool, "babble", "failed", /Cannot read frame/),
    made(pool, "next"),
  ];
  await Promise.all([died, babbled]);
  assert.equal(await next, "next");
  assert(pool.healthy);
});

Deno.test("what a renderer says of a form that it can't make is told", async () => {
  await using pool = faultyPool();
  await refused(pool, "large", "too-large", /123456789 bytes/);
  await refused(pool, "wrong", "failed", /created: expected a time/);
  assert.equal(await made(pool, "still there"), "still there");
});

Deno.test("an asker who goes away leaves the queue, and the renderer that works for nobody", async () => {
  await using pool = faultyPool();
  await pool.opened;
  const [atWork, waiting] = [new AbortController(), new AbortController()];
  const left = [atWork, waiting].map(({ signal }) =>
    assert.rejects(pool.render(faultyJob("spin"), signal), /gone/)
  );
  const next = made(pool, "next");
  waiting.abort(new Error("gone"));
  atWork.abort(new Error("gone"));
  await Promise.all(left);
  assert.equal(await next, "next");
});

Deno.test("a pool whose renderers can't be started says so and refuses work", async () => {
  await using pool = faultyPool({ entry: new URL("./fixtures/nothing.ts", import.meta.url) });
  const refusal = refused(pool, "a", "away", /no renderer can be started/);
  await assert.rejects(pool.broken, /Module not found|ended with code 1/);
  await assert.rejects(pool.opened);
  await refusal;
  assert.equal(pool.healthy, false);
});

Deno.test("a pool that closes rejects what isn't made", async () => {
  const pool = faultyPool();
  const left = ["spin", "waits"].map((name) => refused(pool, name, "away", /stops/));
  await pool.opened;
  await pool.close();
  await Promise.all(left);
});
