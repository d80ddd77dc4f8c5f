import assert from "node:assert/strict";
import { type TestApi, testApi } from "../app/testing.ts";
import { addVersions, collectionOf, ROOT, testObject } from "./testing.ts";

const MEDIA = "application/taxii+json;version=2.1";
const NO_COLLECTION = "00000000-0000-4000-8000-000000000000";

async function get(api: TestApi, path: string, key: string | null, headers: Record<string, string> = {}) {
  const response = await api.ask(path, { key, headers });
  assert.equal(response.headers.get("content-type"), MEDIA, path);
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** Two keys of partners, one cleared for green and one for amber, and an object in each of the two collections. */
async function world() {
  const organisation = { name: "Example CERT", contact: "cert@example.org" };
  const api = await testApi({ publicUrl: "https://cti.example.org/", organisation });
  const [green, amber] = [await collectionOf(api, "green"), await collectionOf(api, "amber")];
  await addVersions(api, green, [testObject(1)]);
  await addVersions(api, amber, [testObject(1), testObject(2)]);
  const key = async (maxTlp: "green" | "amber") => (await api.makeKey({ scopes: ["taxii"], maxTlp })).text;
  return { api, green, amber, low: await key("green"), high: await key("amber") };
}

Deno.test("discovery and API root are absolute by the public address, and every answer is of TAXII's media type", async () => {
  const { api, low } = await world();
  await using _ = api;
  const root = "https://cti.example.org/taxii2/assay/";
  const discovery = await get(api, "/taxii2/", low, { accept: MEDIA });
  assert.deepEqual([discovery.body.default, discovery.body.api_roots], [root, [root]]);
  assert.deepEqual([discovery.body.title, discovery.body.contact], ["Example CERT", "cert@example.org"]);
  const { body } = await get(api, ROOT, low, { accept: "application/taxii+json; version=2.1" });
  assert.deepEqual([body.versions, body.max_content_length > 0], [[MEDIA], true]);
  const refusals = [
    ["/taxii2", 404],
    ["/taxii2/nothing/", 404],
    ["/taxii2/assay", 404],
    [`${ROOT}status/${NO_COLLECTION}/`, 404],
  ] as const;
  for (const [path, status] of refusals) {
    const refused = await get(api, path, low);
    assert.equal(refused.status, status, path);
    assert.equal(refused.body.http_status, String(status));
    for (const name of ["title", "description", "error_id", "error_code"]) assert(refused.body[name], name);
  }
});

Deno.test("keys come as Bearer or as the password of Basic, and lapsed, unknown and missing ones are refused", async () => {
  const { api, low } = await world();
  await using _ = api;
  const ask = async (authorization: string | null) =>
    await get(api, "/taxii2/", null, authorization === null ? {} : { authorization });
  const basic = (user: string, password: string) => `Basic ${btoa(`${user}:${password}`)}`;
  assert.equal((await ask(`Bearer ${low}`)).status, 200);
  assert.equal((await ask(basic("anybody", low))).status, 200);
  assert.equal((await ask(basic("", low))).status, 200);
  for (
    const wrong of [null, "Bearer x", basic("user", "x"), basic("user", ""), "Basic %%%", `Basic ${low}`]
  ) {
    const refused = await ask(wrong);
    assert.equal(refused.status, 401, String(wrong));
    assert.match(
      refused.headers.get("www-authenticate")!,
      /^Bearer realm="assay".*, Basic realm="assay"$/,
    );
  }
  const expired = await api.makeKey({ scopes: ["taxii"], expires: "2020-01-01T00:00:00.000Z" });
  assert.equal((await ask(basic("user", expired.text))).body.error_code, "expired-key");
  const reader = await api.makeKey({ scopes: ["read", "submit"], maxTlp: "red" });
  const lacking = await ask(basic("user", reader.text));
  assert.deepEqual([lacking.status, lacking.body.error_code], [403, "missing-scope"]);
});

Deno.test("what a client accepts must be TAXII 2.1", async () => {
  const { api, low } = await world();
  await using _ = api;
  const status = async (accept: string) => (await get(api, "/taxii2/", low, { accept })).status;
  for (
    const good of [
      "*/*",
      "application/*",
      MEDIA,
      "application/taxii+json",
      "text/html, application/taxii+json;q=0.5",
    ]
  ) {
    assert.equal(await status(good), 200, good);
  }
  for (
    const bad of [
      "application/json",
      "application/vnd.oasis.taxii+json; version=2.0",
      "application/taxii+json;version=2.0",
      "application/taxii+json;q=0",
      "text/html",
    ]
  ) {
    assert.equal(await status(bad), 406, bad);
  }
});

Deno.test("a key sees on no route anything of a collection above its level", async () => {
  const { api, green, amber, low, high } = await world();
  await using _ = api;
  const listed = async (key: string) =>
    (await get(api, `${ROOT}collections/`, key)).body.collections.map((one: { id: string }) => one.id);
  assert.equal((await listed(low)).length, 2);
  assert.equal((await listed(high)).length, 3);
  assert(!(await listed(low)).includes(amber) && (await listed(high)).includes(amber));
  const [mine, theirs] = [testObject(1).id, testObject(2).id];
  const ends = ["", "objects/", "manifest/", `objects/${mine}/`, `objects/${mine}/versions/`];
  for (const end of [...ends, "objects/?limit=0", "objects/?next=x"]) {
    const ask = async (collection: string, key: string) => {
      const { status, body } = await get(api, `${ROOT}collections/${collection}/${end}`, key);
      const text = JSON.stringify({ ...body, error_id: "" }).replaceAll(collection, "X");
      return { status, text };
    };
    const unseen = await ask(amber, low);
    assert.equal(unseen.status, 404, end);
    assert.deepEqual(unseen, await ask(NO_COLLECTION, low), end);
    assert.equal((await ask("tlp-amber", low)).status, 404, end);
    if (end.includes("?")) continue;
    assert.equal((await ask(amber, high)).status, 200, end);
    assert.equal((await ask(green, low)).status, 200, end);
    assert.equal((await ask("tlp-green", low)).status, 200, end);
  }
  for (const end of ["", "versions/"]) {
    const gone = await get(api, `${ROOT}collections/${green}/objects/${theirs}/${end}`, high);
    assert.equal(gone.status, 404, "an object of another collection");
  }
});

Deno.test("nothing can be written, and what isn't visible is not even refused", async () => {
  const { api, green, amber, low } = await world();
  await using _ = api;
  const ask = async (method: string, path: string) => {
    const response = await api.ask(`${ROOT}collections/${path}`, {
      method,
      key: low,
      ...(method === "POST" && { body: `{"objects":[]}`, headers: { "content-type": MEDIA } }),
    });
    assert.equal(response.headers.get("content-type"), MEDIA);
    return [response.status, (await response.json()).error_code];
  };
  const id = testObject(1).id;
  assert.deepEqual(await ask("POST", `${green}/objects/`), [403, "read-only"]);
  assert.deepEqual(await ask("DELETE", `${green}/objects/${id}/`), [403, "read-only"]);
  assert.deepEqual(await ask("DELETE", `${green}/objects/${testObject(9).id}/`), [404, "not-found"]);
  assert.deepEqual(await ask("POST", `${amber}/objects/`), [404, "not-found"]);
  assert.deepEqual(await ask("DELETE", `${amber}/objects/${id}/`), [404, "not-found"]);
  assert.deepEqual(await ask("PUT", `${green}/`), [404, "no-route"]);
});

Deno.test("envelope, manifest and versions page with dates of what they hold, and are empty where nothing fits", async () => {
  const { api, green, low } = await world();
  await using _ = api;
  await addVersions(api, green, [testObject(1, "2026-02-01T00:00:00.000Z"), testObject(3), testObject(4)]);
  const path = `${ROOT}collections/${green}/`;
  const first = await get(api, `${path}objects/?limit=2`, low);
  assert.deepEqual(Object.keys(first.body).sort(), ["more", "next", "objects"]);
  assert.deepEqual(first.body.objects.map(({ id }: { id: string }) => id), [
    testObject(1).id,
    testObject(3).id,
  ]);
  assert.equal(first.body.objects[0].modified, "2026-02-01T00:00:00.000Z");
  const [from, to] = ["first", "last"].map((end) => first.headers.get(`x-taxii-date-added-${end}`)!);
  const manifest = (await get(api, `${path}manifest/`, low)).body;
  assert.deepEqual(Object.keys(manifest).sort(), ["more", "objects"]);
  assert.deepEqual(manifest.objects.slice(0, 2).map((one: { date_added: string }) => one.date_added), [
    from,
    to,
  ]);
  const media_type = "application/stix+json;version=2.1";
  assert.deepEqual(manifest.objects[1], {
    id: testObject(3).id,
    date_added: to,
    version: "2026-01-01T00:00:00.000Z",
    media_type,
  });
  const next = encodeURIComponent(first.body.next);
  for (const more of [`next=${next}`, `next=${next}&added_after=2026-01-01T00:00:00Z`, `added_after=${to}`]) {
    const { body } = await get(api, `${path}objects/?${more}`, low);
    assert.deepEqual([body.more, body.objects.map(({ id }: { id: string }) => id)], [false, [
      testObject(4).id,
    ]]);
  }
  const versions = await get(api, `${path}objects/${testObject(1).id}/versions/`, low);
  assert.deepEqual(versions.body, {
    more: false,
    versions: ["2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z"],
  });
  assert(
    versions.headers.get("x-taxii-date-added-first")! < versions.headers.get("x-taxii-date-added-last")!,
  );
  const old = `${path}objects/${testObject(1).id}/?match[version]=first`;
  assert.equal((await get(api, old, low)).body.objects[0].modified, "2026-01-01T00:00:00.000Z");
  for (
    const nothing of ["match[type]=malware", "added_after=2100-01-01T00:00:00Z", "match[spec_version]=2.0"]
  ) {
    const empty = await get(api, `${path}objects/?${nothing}`, low);
    assert.deepEqual([empty.status, empty.body], [200, {}]);
    assert.equal(empty.headers.get("x-taxii-date-added-first"), null);
  }
  const both = `match[id]=${testObject(1).id},${testObject(4).id}&match[type]=indicator,malware`;
  assert.equal((await get(api, `${path}objects/?${both}`, low)).body.objects.length, 2);
});

Deno.test("filters that are no filters and a foreign next are refused", async () => {
  const { api, green, amber, high } = await world();
  await using _ = api;
  const other = (await get(api, `${ROOT}collections/${amber}/objects/?limit=1`, high)).body.next;
  const many = Array.from({ length: 101 }, (_, at) => `x${at}`).join(",");
  for (
    const query of [
      "limit=0",
      "limit=-1",
      "limit=x",
      "limit=1.5",
      "limit=",
      "limit=1&limit=2",
      "next=",
      "next=nonsense",
      `next=${encodeURIComponent(other)}`,
      `next=${"x".repeat(3000)}`,
      "added_after=yesterday",
      "added_after=2026-13-01T00:00:00Z",
      "added_after=2026-01-01T00:00:00%2B01:00",
      "match[version]=newest",
      "match[type]=",
      "match[id]=a,,b",
      `match[id]=${many}`,
      `match[id]=${"x".repeat(301)}`,
      "match[id]=%00",
      "match[color]=red",
      "match[id]=a&match[id]=b",
    ]
  ) {
    for (const end of ["objects/", "manifest/"]) {
      const refused = await get(api, `${ROOT}collections/${green}/${end}?${query}`, high);
      assert.equal(refused.status, 400, `${end}?${query}`);
    }
  }
  const { body } = await get(api, `${ROOT}collections/${green}/objects/?limit=999999999&unknown=1`, high);
  assert.equal(body.objects.length, 1);
});

Deno.test("a partner that asks too fast is told when to come back, together with what it asks elsewhere", async () => {
  await using api = await testApi({ rate: { burst: 2, perSecond: 0.1 } });
  assert.equal((await get(api, "/taxii2/", api.admin)).status, 200);
  assert.equal((await api.ask("/api/v1/keys/self")).status, 200);
  const refused = await get(api, "/taxii2/", api.admin);
  assert.deepEqual([refused.status, refused.body.error_code], [429, "rate-limited"]);
  assert(Number(refused.headers.get("retry-after")) > 0);
});

Deno.test("what partners took is in the audit trail, empty polls are not", async () => {
  const { api, green, low } = await world();
  await using _ = api;
  await get(api, `${ROOT}collections/${green}/objects/`, low);
  await get(api, `${ROOT}collections/${green}/objects/?match[type]=malware`, low);
  const { items } = await (await api.ask("/api/v1/audit?action=taxii.read")).json();
  assert.deepEqual(
    items.map((one: { target: string; detail: { objects: number } }) => [one.target, one.detail.objects]),
    [
      [green, 1],
    ],
  );
});
