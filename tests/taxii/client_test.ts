import assert from "node:assert/strict";
import type { OpenAPIHono } from "@hono/zod-openapi";
import type { ApiEnvironment } from "../../api/app/environment.ts";
import { type TestApi, testApi } from "../../api/app/testing.ts";
import { addVersions, collectionOf, ROOT, testObject } from "../../api/taxii/testing.ts";
import { startPartner } from "./partner.ts";

/** The API on a port, which is its public address. */
async function served(): Promise<AsyncDisposable & { readonly api: TestApi; readonly url: string }> {
  let app: OpenAPIHono<ApiEnvironment> | null = null;
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    (request, info) => app!.fetch(request, { remoteAddr: info.remoteAddr }),
  );
  const url = `http://127.0.0.1:${server.addr.port}`;
  const api = await testApi({ publicUrl: url, rate: null });
  app = api.app;
  return {
    api,
    url,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
      await api[Symbol.asyncDispose]();
    },
  };
}

const ids = (objects: readonly { id: string }[]) => objects.map(({ id }) => id);
const range = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, at) => testObject(from + at).id);

Deno.test("taxii2-client walks pages of every size without loss or repetition, objects of one instant and new ones too", async () => {
  await using place = await served();
  await using partner = await startPartner();
  const { api, url } = place;
  const collection = await collectionOf(api, "green");
  const { text: password } = await api.makeKey({ scopes: ["taxii"], maxTlp: "green" });
  const access = { url: `${url}${ROOT}collections/${collection}/`, user: "partner", password };
  await addVersions(api, collection, Array.from({ length: 1000 }, (_, at) => testObject(at)));
  for (const limit of [1000, 999, 500, 101, 64, 7]) {
    for (const what of ["objects", "manifest"] as const) {
      const got = await partner.walk(access, { limit, what });
      assert.deepEqual(ids(got), range(0, 1000), `${what} by ${limit}`);
    }
  }

  let added = 1000;
  const got = await partner.walk(access, { limit: 33, what: "objects" }, async () => {
    if (added === 1200) return;
    await addVersions(api, collection, Array.from({ length: 20 }, (_, at) => testObject(added + at)));
    added += 20;
  });
  assert.deepEqual([ids(got), added], [range(0, 1200), 1200]);

  const first = await partner.poll(access, { limit: 700 });
  assert.deepEqual(ids(first.objects), range(0, 700));
  const rest = await partner.walk(access, {
    limit: 250,
    what: "objects",
    filters: { added_after: first.last! },
  });
  assert.deepEqual(ids(rest), range(700, 1200));
  const last = await partner.poll(access, {});
  const now = await partner.walk(access, { limit: 500, what: "objects" });
  assert.equal(ids(last.objects).length, 1000, "no more than the server's limit at once");
  const idle = await partner.poll(access, {
    added_after: (await partner.poll(access, { added_after: last.last! })).last!,
  });
  assert.deepEqual([idle.objects, idle.last, now.length], [[], null, 1200]);
});

Deno.test("taxii2-client discovers what each of two keys may read, and reads versions of an object", async () => {
  await using place = await served();
  await using partner = await startPartner();
  const { api, url } = place;
  const [green, amber] = [await collectionOf(api, "green"), await collectionOf(api, "amber")];
  await addVersions(api, amber, [testObject(1)]);
  await addVersions(api, amber, [testObject(1, "2026-02-01T00:00:00.000Z")]);
  const key = async (maxTlp: "green" | "amber") => (await api.makeKey({ scopes: ["taxii"], maxTlp })).text;
  const [low, high] = [await key("green"), await key("amber")];
  const seen = async (password: string) => {
    const found = await partner.discover({ url: `${url}/taxii2/`, user: "partner", password });
    const [root] = found.roots;
    assert.deepEqual([found.default, root!.url], [`${url}${ROOT}`, `${url}${ROOT}`]);
    assert.deepEqual(root!.versions, ["application/taxii+json;version=2.1"]);
    assert(root!.collections.every(({ write }) => !write));
    return root!.collections.map(({ alias }) => alias);
  };
  assert.deepEqual(await seen(low), ["tlp-clear", "tlp-green"]);
  assert.deepEqual(await seen(high), ["tlp-clear", "tlp-green", "tlp-amber"]);
  const at = (collection: string, password: string) => ({
    url: `${url}${ROOT}collections/${collection}/`,
    user: "partner",
    password,
  });
  assert.deepEqual(
    [
      await partner.refusal(at(amber, low)),
      await partner.refusal(at(green, low)),
      await partner.refusal(at(green, "x")),
    ],
    [404, 200, 401],
  );
  const found = await partner.look({ ...at(amber, high), id: testObject(1).id });
  assert.deepEqual(found.versions, ["2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"]);
  assert.deepEqual(found.objects.map(({ modified }) => modified), found.versions.slice(1));
  assert.deepEqual(found.all.map(({ modified }) => modified), found.versions);
});
