import assert from "node:assert/strict";
import type { PartnerError } from "./error.ts";
import { createMispClient } from "./misp.ts";
import { fakeServer, KEY, testAsk, testItem } from "./testing.ts";

const never = new AbortController().signal;
const items = [1, 2, 3].map((number) => testItem(number));
const bundleOf = ({ id }: { id: string }) => Promise.resolve(`{"type":"bundle","of":"${id}"}`);

Deno.test("a MISP gets a bundle for each report by the way that it documents, with the key alone", async () => {
  await using server = fakeServer(() => Response.json({ Event: { id: "1" } }));
  const client = createMispClient({ ask: testAsk(server.url), bundleOf });
  assert.deepEqual(await client.push(items, never), { refused: [], detail: "3 reports" });
  assert.deepEqual(server.asked.map(({ method, path, body }) => [method, path, body]), [
    ["POST", "/events/upload_stix/2", `{"type":"bundle","of":"${items[0]!.id}"}`],
    ["POST", "/events/upload_stix/2", `{"type":"bundle","of":"${items[1]!.id}"}`],
    ["POST", "/events/upload_stix/2", `{"type":"bundle","of":"${items[2]!.id}"}`],
  ]);
  const { headers } = server.asked[0]!;
  assert.deepEqual(["authorization", "accept", "content-type"].map((name) => headers.get(name)), [
    KEY,
    "application/json",
    "application/json",
  ]);
});

Deno.test("what a MISP can't save is refused with its words, what it has is there, and reports that went are skipped", async () => {
  const answers = [
    Response.json({ saved: false, errors: "Could not parse\u202e it" }, { status: 403 }),
    Response.json({ saved: false, errors: { uuid: ["Event already exists."] } }, { status: 403 }),
  ];
  await using server = fakeServer((_, number) => answers[number - 1]!);
  const client = createMispClient({
    ask: testAsk(server.url),
    bundleOf: (item) => item === items[2] ? Promise.resolve(null) : bundleOf(item),
  });
  const { refused } = await client.push(items, never);
  assert.deepEqual(refused, [
    { objectId: items[0]!.id, added: items[0]!.added, reason: "It refused it: Could not parse[U+202E] it" },
  ]);
  assert.equal(server.asked.length, 2);
});

Deno.test("a MISP that doesn't let us in, is busy, broken or answers no JSON fails as that", async () => {
  for (
    const [answer, failure] of [
      [() => Response.json({ name: "Authentication failed" }, { status: 403 }), "setup"],
      [() => Response.json({}, { status: 429, headers: { "retry-after": "3" } }), "away"],
      [() => new Response("<html>", { status: 500 }), "broken"],
      [() => new Response("<html>Sign in</html>"), "broken"],
    ] as const
  ) {
    await using server = fakeServer(answer);
    const client = createMispClient({ ask: testAsk(server.url), bundleOf });
    await assert.rejects(client.push(items, never), (error: PartnerError) => error.failure === failure);
  }
});

Deno.test("a test of a MISP tells its version", async () => {
  await using server = fakeServer(({ path }) =>
    path === "/servers/getVersion" ? Response.json({ version: "2.5.34", perm_sync: true }) : Response.json([])
  );
  const client = createMispClient({ ask: testAsk(server.url), bundleOf });
  assert.equal(await client.test(never), "MISP 2.5.34 lets us in");
  const other = createMispClient({ ask: testAsk(`${server.url}other/`), bundleOf });
  await assert.rejects(other.test(never), /no version of MISP/);
});
