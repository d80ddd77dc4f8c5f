import { keyScopes } from "@assay/infra";
import assert from "node:assert/strict";
import { operations, testApi } from "./testing.ts";

Deno.test("every route below /api/v1 asks for a key, and says so in its description", async () => {
  await using api = await testApi();
  for (const { method, path, scopes } of await operations(api)) {
    if (!path.startsWith("/api/v1")) continue;
    assert.notEqual(scopes, null, `${method} ${path} has no security`);
    const response = await api.ask(path, { method, key: null });
    assert.equal(response.status, 401, `${method} ${path}`);
    assert.match(response.headers.get("www-authenticate")!, /^Bearer/);
    assert.equal((await response.json()).code, "unauthenticated");
  }
});

Deno.test("every route refuses keys without its scope and names the scope", async () => {
  await using api = await testApi();
  for (const { method, path, scopes } of await operations(api)) {
    const [scope] = scopes ?? [];
    if (scope === undefined) continue;
    const others = keyScopes.filter((other) => other !== scope && other !== "admin");
    const { text } = await api.makeKey({ scopes: others });
    const response = await api.ask(path, { method, key: text });
    assert.equal(response.status, 403, `${method} ${path}`);
    const problem = await response.json();
    assert.deepEqual([problem.code, problem.scope], ["missing-scope", scope]);
  }
});

Deno.test("a key that is unknown, malformed, expired or revoked is refused, each by its code", async () => {
  await using api = await testApi();
  const code = async (header: string) => {
    const response = await api.app.request("/api/v1/keys/self", { headers: { authorization: header } });
    assert.equal(response.status, 401);
    assert.match(response.headers.get("www-authenticate")!, /error="invalid_token"/);
    return (await response.json()).code;
  };
  const expired = await api.makeKey({ expires: "2020-01-01T00:00:00.000Z" });
  const revoked = await api.makeKey({});
  const path = `/api/v1/keys/${revoked.key.id}`;
  assert.equal((await api.ask(path, { method: "DELETE" })).status, 200);
  assert.equal(await code(`Bearer ${expired.text}`), "expired-key");
  assert.equal(await code(`Bearer ${revoked.text}`), "revoked-key");
  assert.equal(await code(`Bearer ${expired.text.slice(0, -1)}`), "invalid-key");
  assert.equal(await code("Bearer assay_01ARZ3NDEKTSV4RRFFQ69G5FAV_" + "x".repeat(43)), "invalid-key");
  assert.equal(await code(`Basic ${btoa("a:b")}`), "invalid-key");
  assert.equal(await code("Bearer " + "x".repeat(5000)), "invalid-key");
});

Deno.test("keys that are refused too often from one address are slowed down, a good one is not", async () => {
  await using api = await testApi();
  const statuses: number[] = [];
  for (let i = 0; i < 40; i++) statuses.push((await api.ask("/api/v1/tasks", { key: "wrong" })).status);
  assert.equal(statuses[0], 401);
  assert.equal(statuses.at(-1), 429);
  assert.equal((await api.ask("/api/v1/tasks")).status, 200);
});

Deno.test("a key that asks too fast is told when to come back", async () => {
  await using api = await testApi({ rate: { burst: 3, perSecond: 0.1 } });
  const ask = () => api.ask("/api/v1/keys/self");
  const first = await ask();
  assert.deepEqual([first.status, first.headers.get("ratelimit-remaining")], [200, "2"]);
  await ask();
  await ask();
  const refused = await ask();
  assert.equal(refused.status, 429);
  assert.equal((await refused.json()).code, "rate-limited");
  const seconds = Number(refused.headers.get("retry-after"));
  assert(seconds > 0 && seconds <= 10);
  assert.equal((await api.ask("/api/v1/keys/self", { key: (await api.makeKey({})).text })).status, 200);
});
