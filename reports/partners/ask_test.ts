import assert from "node:assert/strict";
import { PartnerError } from "./error.ts";
import { fakeServer, KEY, testAsk } from "./testing.ts";

const never = new AbortController().signal;

/** How asking ends where it doesn't go well. */
async function failureOf(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    assert(error instanceof PartnerError, String(error));
    return error;
  }
  return assert.fail("It went well");
}

Deno.test("an answer says whether the partner is away, set up wrongly, broken, or refuses what was sent", async () => {
  const statuses: readonly [number, string][] = [
    [400, "refused"],
    [413, "refused"],
    [422, "refused"],
    [401, "setup"],
    [403, "setup"],
    [404, "setup"],
    [408, "away"],
    [429, "away"],
    [503, "away"],
    [500, "broken"],
    [507, "broken"],
  ];
  let status = 0;
  await using server = fakeServer(() => new Response('{"title":"No"}', { status }));
  for (const [given, failure] of statuses) {
    status = given;
    const error = await failureOf(testAsk(server.url)("x", {}, never));
    assert.deepEqual([error.failure, error.message], [failure, `It answered ${given}: {"title":"No"}`]);
  }
});

Deno.test("Retry-After is kept in seconds and as a date, within bounds", async () => {
  let said = "";
  await using server = fakeServer(() =>
    new Response(null, { status: 429, headers: { "retry-after": said } })
  );
  const wait = async (text: string) => {
    said = text;
    return (await failureOf(testAsk(server.url)("x", {}, never))).retryAfter;
  };
  assert.deepEqual([await wait("7"), await wait("0"), await wait("99999999"), await wait("soon")], [
    7000,
    1000,
    3_600_000,
    null,
  ]);
  assert.equal(await wait(new Date(Date.now() + 86_400_000).toUTCString()), 3_600_000);
  assert.equal(await wait(new Date(0).toUTCString()), 1000);
});

Deno.test("no redirect is followed, so that the key goes nowhere else", async () => {
  await using elsewhere = fakeServer(() => Response.json({}));
  await using server = fakeServer(() => Response.redirect(elsewhere.url, 307));
  const error = await failureOf(testAsk(server.url)("x", { method: "POST", body: "content" }, never));
  assert.deepEqual([error.failure, elsewhere.asked.length], ["setup", 0]);
  assert.match(error.message, /elsewhere \(307\)/);
});

Deno.test("answers that are endless, cut off or never come end within bounds", async () => {
  await using endless = fakeServer(() =>
    new Response(
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(50_000)) }),
    )
  );
  const long = await failureOf(testAsk(endless.url)("x", {}, never));
  assert.deepEqual([long.failure, long.message], ["broken", "Its answer is longer than 100000 bytes"]);

  const held = Promise.withResolvers<Response>();
  await using slow = fakeServer(() => held.promise);
  const late = await failureOf(testAsk(slow.url, { timeout: 50 })("x", {}, never));
  assert.deepEqual([late.failure, late.message], ["away", "Cannot ask: no answer within 50 ms"]);
  held.resolve(new Response());

  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const reset = (async () => {
    const connection = await listener.accept();
    await connection.read(new Uint8Array(1));
    connection.close();
  })();
  const { port } = listener.addr as Deno.NetAddr;
  assert.equal((await failureOf(testAsk(`http://127.0.0.1:${port}/`)("x", {}, never))).failure, "away");
  await reset;
});

Deno.test("what a partner repeats of our key is told to nobody, nor what can't be seen", async () => {
  await using server = fakeServer(({ headers }) =>
    new Response(`You sent ${headers.get("authorization")}\u202e<b>`, { status: 500 })
  );
  const { message } = await failureOf(testAsk(server.url)("x", {}, never));
  assert.equal(message, "It answered 500: You sent ***[U+202E]<b>");
  assert(!message.includes(KEY));
});

Deno.test("an asker who stops hears why, and no partner is blamed", async () => {
  const held = Promise.withResolvers<Response>();
  const stop = new AbortController();
  await using server = fakeServer(() => {
    stop.abort(new Error("We stop"));
    return held.promise;
  });
  await assert.rejects(testAsk(server.url)("x", {}, stop.signal), { message: "We stop" });
  held.resolve(new Response());
});
