import assert from "node:assert/strict";
import { testApi } from "../app/testing.ts";
import { makeAsset } from "../assets/assets.ts";
import { readDocs } from "../openapi/docs.ts";

const text = (content: string) => makeAsset(new TextEncoder().encode(content), "text/html; charset=utf-8");

Deno.test("every answer carries the headers that keep browsers safe, and a request id", async () => {
  await using api = await testApi({}, {
    replace: { page: new Map([["index.html", text("<p>")]]), docs: await readDocs() },
  });
  for (
    const path of [
      "/",
      "/api/docs",
      "/api/docs/start.js",
      "/api/openapi.json",
      "/api/problems",
      "/health/live",
      "/api/v1/tasks",
      "/nowhere",
    ]
  ) {
    const response = await api.ask(path);
    const header = (name: string) => response.headers.get(name) ?? "";
    assert.equal(header("x-content-type-options"), "nosniff", path);
    assert.equal(header("referrer-policy"), "no-referrer", path);
    assert.match(header("content-security-policy"), /default-src 'none'.*frame-ancestors 'none'/, path);
    assert.doesNotMatch(header("content-security-policy"), /unsafe/, path);
    assert.match(header("x-request-id"), /^[0-9A-Z]{26}$/, path);
    assert.equal(response.headers.has("set-cookie"), false, path);
    await response.body?.cancel();
  }
});

Deno.test("other origins are let in by the list alone, and caches are told that it matters", async () => {
  await using api = await testApi({ origins: ["https://portal.example"] });
  const ask = (origin: string, init: RequestInit = {}) =>
    api.ask("/api/v1/keys/self", { ...init, headers: { ...init.headers, origin } });
  const allowed = await ask("https://portal.example");
  assert.equal(allowed.headers.get("access-control-allow-origin"), "https://portal.example");
  assert.equal(allowed.headers.get("access-control-allow-credentials"), null);
  for (
    const origin of ["https://portal.example.evil", "https://PORTAL.example", "null", "https://evil.example"]
  ) {
    const refused = await ask(origin);
    assert.equal(refused.headers.get("access-control-allow-origin"), null, origin);
    assert.match(refused.headers.get("vary")!, /Origin/);
  }
  const preflight = { method: "OPTIONS", key: null, headers: { "access-control-request-method": "POST" } };
  const asked = await ask("https://portal.example", preflight);
  assert.equal(asked.status, 204);
  assert.match(asked.headers.get("access-control-allow-headers")!, /Authorization/);
  assert.equal(
    (await ask("https://evil.example", preflight)).headers.get("access-control-allow-methods"),
    null,
  );
  const failed = await api.ask("/api/v1/tasks/x", { headers: { origin: "https://portal.example" } });
  assert.deepEqual([failed.status, failed.headers.get("access-control-allow-origin")], [
    400,
    "https://portal.example",
  ]);
});

Deno.test("the page's files are served by name from a list, the embed kit to other origins too", async () => {
  const page = new Map([["index.html", text("<p>page")], ["app.js", text("1")], [
    "embed/v1/assay.js",
    text("2"),
  ]]);
  await using api = await testApi({}, { replace: { page } });
  const get = async (path: string) => {
    const response = await api.ask(path, { key: null });
    return [response.status, response.status === 200 ? await response.text() : (await response.json()).code];
  };
  assert.deepEqual(await get("/"), [200, "<p>page"]);
  assert.deepEqual(await get("/app.js"), [200, "1"]);
  assert.deepEqual(await get("/embed/v1/assay.js"), [200, "2"]);
  for (
    const path of [
      "/embed/v1/other.js",
      "/app.css",
      "/%2e%2e/deno.json",
      "/..%2fdeno.json",
      "/embed/v1/..%2f..%2findex.html",
      "//app.js",
      "/__proto__",
    ]
  ) {
    assert.deepEqual(await get(path), [404, "no-route"], path);
  }
  const kit = await api.ask("/embed/v1/assay.js", { key: null });
  assert.equal(kit.headers.get("cross-origin-resource-policy"), "cross-origin");
  await kit.body?.cancel();
});

Deno.test("the documentation page loads nothing from elsewhere", async () => {
  await using api = await testApi({}, { replace: { docs: await readDocs() } });
  const page = await (await api.ask("/api/docs", { key: null })).text();
  const wanted = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url!);
  assert(wanted.length >= 3);
  for (const url of [...wanted, "/api/openapi.json"]) {
    const response = await api.ask(url, { key: null });
    assert.equal(response.status, 200, url);
    await response.body?.cancel();
  }
});
