import assert from "node:assert/strict";
import { PartnerError } from "./error.ts";
import { createTaxiiClient } from "./taxii.ts";
import { fakeServer, medallion, testAsk, testItem } from "./testing.ts";

const never = new AbortController().signal;
const items = [1, 2, 3, 4, 5, 6].map((number) => testItem(number));

Deno.test("a TAXII server gets all objects in envelopes that it takes, once, and says which are too large", async () => {
  await using server = await medallion(1000);
  const { root, collection, authorization } = server;
  const ask = testAsk(root, { credentials: { authorization } });
  const client = createTaxiiClient({ ask, collection, patience: 10_000 });
  const there = async () => {
    const { body } = await ask(`collections/${collection}/objects/?match[version]=all`, {
      headers: { accept: "application/taxii+json;version=2.1" },
    }, never);
    return (body as { objects: { id: string; name: string }[] }).objects.map(({ id, name }) =>
      `${id} ${name}`
    );
  };

  assert.equal(
    await client.test(never),
    "The collection 'From Assay' of 'Partner' takes objects, 1000 bytes at once",
  );
  const large = testItem(9, { description: "x".repeat(2000) });
  const end = await client.push([...items, large], never);

  assert.deepEqual(end.refused, [{
    objectId: large.id,
    added: large.added,
    reason: "It is larger than the 1000 bytes that can be sent at once",
  }]);
  assert.deepEqual(await there(), items.map(({ id }, at) => `${id} number ${at + 1}`));
  // The server calls it a failure to be sent what it has.
  assert.deepEqual(await client.push(items, never), { refused: [], detail: end.detail });
  assert.equal((await there()).length, items.length);
  const newer = testItem(1, { modified: "2026-02-01T00:00:00.000Z" });
  assert.deepEqual((await client.push([newer], never)).refused, []);
  assert.equal((await there()).length, items.length + 1);
});

Deno.test("a TAXII server that doesn't let us in or write is told apart by what it says", async () => {
  await using server = await medallion(10_000);
  const { root, collection, authorization } = server;
  const open = (given: { authorization?: string; collection?: string }) =>
    createTaxiiClient({
      ask: testAsk(root, { credentials: { authorization: given.authorization ?? authorization } }),
      collection: given.collection ?? collection,
      patience: 10_000,
    });
  const refused = async (client: ReturnType<typeof open>) => {
    const error = await client.test(never).then(() => assert.fail(), (error: PartnerError) => error);
    return [error.failure, error.message];
  };
  assert.deepEqual((await refused(open({ authorization: "Basic eDp5" })))[0], "setup");
  assert.deepEqual((await refused(open({ collection: "nothing" })))[0], "setup");
  assert.deepEqual(await refused(open({ collection: "read-only" })), [
    "setup",
    "It does not let us write to the collection 'Read only' of 'Partner'",
  ]);
});

/** A server that deals with what it is sent as these statuses say, one after the other. */
function pending(...statuses: readonly object[]) {
  let at = 0;
  return fakeServer(({ method, path }) => {
    if (path === "/") return Response.json({ title: "x", max_content_length: 10_000 });
    if (path.endsWith("/versions/")) return Response.json({ title: "No" }, { status: 403 });
    const status = { id: "a-1", status: "complete", failure_count: 0, ...statuses[at++] };
    return Response.json(status, { status: method === "POST" ? 202 : 200 });
  });
}

Deno.test("the status of a push is asked for until it is complete, and what the server refuses is told", async () => {
  await using server = pending(
    { status: "pending" },
    { status: "pending" },
    {
      failure_count: 2,
      failures: [{ id: items[1]!.id, message: "It\u202eis bad" }, { id: "indicator--of-somebody-else" }],
    },
  );
  const client = createTaxiiClient({ ask: testAsk(server.url), collection: "c", patience: 60_000 });
  const { refused } = await client.push(items.slice(0, 2), never);
  assert.deepEqual(refused.map(({ objectId, reason }) => [objectId, reason]), [
    [items[1]!.id, "It refused it: It[U+202E]is bad"],
  ]);
  assert.deepEqual(server.asked.map(({ method, path }) => `${method} ${path}`), [
    "GET /",
    "POST /collections/c/objects/",
    "GET /status/a-1/",
    "GET /status/a-1/",
    `GET /collections/c/objects/${items[1]!.id}/versions/`,
  ]);
  assert.equal(server.asked[1]!.headers.get("content-type"), "application/taxii+json;version=2.1");
});

Deno.test("a status that nobody can read, of nothing named, or that stays pending is the server's failure", async () => {
  for (
    const [status, said] of [
      [{ failure_count: 1 }, /does not say which/],
      [{ status: "perhaps" }, /no resource of TAXII/],
      [{ id: "../../elsewhere", status: "pending" }, /no resource of TAXII/],
      [{ status: "pending" }, /has not dealt with 1 objects within 100 ms/],
    ] as const
  ) {
    await using server = pending(status, status, status);
    const client = createTaxiiClient({ ask: testAsk(server.url), collection: "c", patience: 100 });
    await assert.rejects(client.push(items.slice(0, 1), never), (error: PartnerError) => {
      assert.equal(error.failure, "broken");
      assert.match(error.message, said);
      return true;
    });
  }
});
