import { Config, type PartnerConfig } from "@assay/infra";
import assert from "node:assert/strict";
import { testApi } from "../app/testing.ts";

const partners: readonly PartnerConfig[] = Config.parse({
  partners: [
    {
      name: "cert-x",
      kind: "taxii",
      url: "https://taxii.example:8443/api/",
      key: "a-secret-key",
      collection: "c",
    },
    {
      name: "misp-y",
      kind: "misp",
      url: "https://misp.example/",
      keyFile: "/run/a-secret-file",
      tlp: "amber",
    },
  ],
}).partners;

Deno.test("GET /partners tells how pushing to each stands, and never a key", async () => {
  await using api = await testApi({ partners });
  const answer = await api.ask("/api/v1/partners");
  const text = await answer.text();
  assert.doesNotMatch(text, /secret/);
  assert.deepEqual(
    JSON.parse(text).items.map((
      { name, kind, host, tlp, state, sent, dead }: Record<string, unknown>,
    ) => [name, kind, host, tlp, state, sent, dead]),
    [
      ["cert-x", "taxii", "taxii.example:8443", "green", "new", 0, 0],
      ["misp-y", "misp", "misp.example", "amber", "new", 0, 0],
    ],
  );
});

Deno.test("a test and a retry are asked for by administrators, noted, and told to the process that pushes", async () => {
  await using api = await testApi({ partners });
  const { text: key } = await api.makeKey({
    scopes: ["submit", "read", "annotate", "delete"],
    maxTlp: "red",
  });
  const post = (path: string, given = {}) =>
    api.ask(`/api/v1/partners/${path}`, { method: "POST", ...given });
  assert.equal((await post("cert-x/test")).status, 202);
  const retried = await post("cert-x/retry");
  assert.deepEqual([retried.status, await retried.json()], [202, { objects: 0 }]);
  const log = await (await api.ask("/api/v1/partners/cert-x/log")).json();
  assert.deepEqual(log.items.map(({ event, detail }: Record<string, string>) => [event, detail]), [
    ["retried", "Somebody asked for it"],
  ]);
  const turn = await api.partners.take("cert-x", "test", 1000);
  assert.equal(turn!.testAsked, true);
  for (const path of ["cert-x/test", "cert-x/retry"]) assert.equal((await post(path, { key })).status, 403);
  assert.equal((await api.ask("/api/v1/partners", { key })).status, 403);
  for (const path of ["nobody/test", "nobody/retry"]) assert.equal((await post(path)).status, 404);
  assert.equal((await api.ask("/api/v1/partners/nobody/log")).status, 404);
  const audit = await (await api.ask("/api/v1/audit")).json();
  const actions = audit.items.map(({ action, target }: Record<string, string>) => `${action} ${target}`);
  assert.deepEqual(actions.sort(), ["partner.retry cert-x", "partner.test cert-x"]);
});

Deno.test("GET /partners/{name}/log pages through what happened, newest first", async () => {
  await using api = await testApi({ partners });
  const stands = api.partners;
  await stands.take("misp-y", "test", 1000);
  for (const error of ["first", "second", "third"]) await stands.failed("misp-y", error, new Date(), false);
  const read = async (cursor: string | null): Promise<string[]> => {
    const query = new URLSearchParams({ size: "2", ...cursor !== null && { cursor } });
    const page = await (await api.ask(`/api/v1/partners/misp-y/log?${query}`)).json();
    const details = page.items.map(({ detail }: { detail: string }) => detail);
    return page.cursor === null ? details : [...details, ...await read(page.cursor)];
  };
  assert.deepEqual(await read(null), ["third", "second", "first"]);
  const [, misp] = (await (await api.ask("/api/v1/partners")).json()).items;
  assert.deepEqual([misp.state, misp.failures, misp.lastError], ["waiting", 3, "third"]);
});
