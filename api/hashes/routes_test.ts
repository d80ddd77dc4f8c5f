import assert from "node:assert/strict";
import { testApi } from "../app/testing.ts";

const put = (hashes: unknown) => ({
  method: "PUT",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ hashes }),
});
const sha256 = "a".repeat(64);

Deno.test("PUT, GET and DELETE /hashes keep the list of known hashes", async () => {
  await using api = await testApi();
  const hash = {
    algorithm: "sha256",
    value: sha256.toUpperCase(),
    verdict: "bad",
    source: "partner",
    note: "seen in May",
  };
  const stored = await api.ask(
    "/api/v1/hashes",
    put([hash, { algorithm: "md5", value: "b".repeat(32), verdict: "good", source: "nsrl" }]),
  );
  assert.deepEqual([stored.status, await stored.json()], [200, { stored: 2 }]);
  const { items } = await (await api.ask("/api/v1/hashes")).json();
  assert.deepEqual(
    items.map((item: { value: string }) => item.value).sort(),
    [sha256, "b".repeat(32)],
  );
  assert.equal((await api.ask(`/api/v1/hashes/${sha256}`, { method: "DELETE" })).status, 204);
  assert.equal((await api.ask(`/api/v1/hashes/${sha256}`, { method: "DELETE" })).status, 404);
});

Deno.test("PUT /hashes names the entry that is wrong and stores none", async () => {
  await using api = await testApi();
  const good = { algorithm: "sha256", value: sha256, verdict: "bad", source: "x" };
  const wrong = await api.ask("/api/v1/hashes", put([good, { ...good, algorithm: "md5" }]));
  const problem = await wrong.json();
  assert.deepEqual([wrong.status, problem.errors[0].field], [400, "hashes.1.value"]);
  assert.deepEqual((await (await api.ask("/api/v1/hashes")).json()).items, []);
});
