import type { Observation, Report } from "@assay/core";
import assert from "node:assert/strict";
import { foundRun } from "../../infra/elasticsearch/testing.ts";
import { testApi } from "../app/testing.ts";

const SSDEEP = "96:i7oiH0eJbLS4UGmdmjOMnc6m1N7ZJu+Z3k5zqsJK8YJBMiZyx:i7oiUeNL7dmLMnc91jsEQS8YjvZyx";
const NEAR_SSDEEP = "96:i7oiH0eJbLS4UGmdmjOMnc6m1N7ZJu+Z3k5zqsJK8YJAAAAyx:i7oiUeNL7dmLMnc91jsEQS8YAAAAyx";
const DOUBLE_BLOCK = "192:i7oiUeNL7dmLMnc91jsABCDEFGHIJ:abcdef";
const TLSH = "T1F4816CC0525492F72AEB0CBEA49E40E7B09D33651122AA5A41A20EA527FC7D38489BC9";
const NEAR_TLSH = "T1F4816CC0525492F72AEB0CBEA49E40E7B09D33651122AA5A41A20EA527FC7D3848ABC5";
const IMPHASH = "f34d5f2d4577ed6d9ceec516c1f5a744";
const SECTION = "ab".repeat(32);

const digests = (ssdeep?: string, tlsh?: string) => ({
  digests: { sha256: "0".repeat(64) as Report["sha256"], ...ssdeep && { ssdeep }, ...tlsh && { tlsh } },
});
const pe = (...properties: readonly [string, string][]): Partial<Report> => ({
  modules: [foundRun("pe", [
    ...properties.map(([field, value]): Observation => ({ type: "property", field, value })),
    {
      type: "section",
      title: "Sections",
      columns: ["Name", "SHA-256"],
      rows: [[".rsrc", SECTION]],
      total: 1,
    },
  ])],
});

Deno.test("GET /samples/{sha256}/similar tells by what samples are alike, strongest first, page by page", async () => {
  await using api = await testApi({}, { search: true });
  const put = (name: string, found: Partial<Report>) => api.analysed(name, name, {}, api.admin, found);
  const subject = await put("subject", {
    ...digests(SSDEEP, TLSH),
    ...pe(["pe.imphash", IMPHASH], ["pe.section.sha256", SECTION]),
  });
  const twin = await put("twin", digests(NEAR_SSDEEP, NEAR_TLSH));
  const doubled = await put("doubled", digests(DOUBLE_BLOCK));
  const imports = await put("imports", pe(["pe.imphash", IMPHASH], ["pe.section.sha256", SECTION]));
  await put("stranger", digests("96:AbCdEfGhIjKlMnOp:QrStUvWxYz", `T1${"5A".repeat(35)}`));

  const ask = async (query: string) => {
    const response = await api.ask(`/api/v1/samples/${subject.sha256}/similar?${query}`);
    assert.equal(response.status, 200, await response.clone().text());
    return await response.json();
  };
  const all = await ask("");
  const evidence = new Map(
    all.items.map((item: { name: string; evidence: unknown }) => [item.name, item.evidence]),
  );
  assert.deepEqual(evidence.get("twin"), [
    { method: "tlsh", distance: 2, value: NEAR_TLSH },
    { method: "ssdeep", score: 94, value: NEAR_SSDEEP },
  ]);
  assert.deepEqual(evidence.get("doubled"), [{ method: "ssdeep", score: 71, value: DOUBLE_BLOCK }]);
  assert.deepEqual(evidence.get("imports"), [
    { method: "section", sections: [{ sha256: SECTION, name: ".rsrc" }] },
    { method: "imphash", value: IMPHASH },
  ]);
  assert.equal(evidence.size, 3);
  assert.deepEqual(
    all.methods.map((m: Record<string, unknown>) => [m["method"], m["available"], m["found"], m["complete"]]),
    [["ssdeep", true, 2, true], ["tlsh", true, 1, true], ["imphash", true, 1, true], [
      "richHash",
      false,
      0,
      true,
    ], [
      "section",
      true,
      1,
      true,
    ]],
  );
  assert.deepEqual(all.items.map((item: { strength: number }) => item.strength), [98, 71, 70]);

  const paged: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: { items: { sha256: string }[]; cursor: string | null } = await ask(
      `size=1${cursor ? `&cursor=${cursor}` : ""}`,
    );
    paged.push(...page.items.map(({ sha256 }) => sha256));
    cursor = page.cursor;
  }
  assert.deepEqual(paged, [twin.sha256, doubled.sha256, imports.sha256]);

  assert.deepEqual((await ask("by=ssdeep&minScore=90")).items.map((i: { name: string }) => i.name), ["twin"]);
  assert.deepEqual((await ask("by=tlsh&maxDistance=1")).items, []);
  const wrong = await api.ask(`/api/v1/samples/${subject.sha256}/similar?by=ssdeep,guess`);
  assert.equal(wrong.status, 400);
  await wrong.body?.cancel();
});

Deno.test("GET /similar finds by a digest of a file that is not here, and refuses what is no digest", async () => {
  await using api = await testApi({}, { search: true });
  const known = await api.analysed("known", "known", {}, api.admin, digests(SSDEEP, TLSH));
  const ask = (query: Record<string, string>) => api.ask(`/api/v1/similar?${new URLSearchParams(query)}`);
  const found = await (await ask({ ssdeep: NEAR_SSDEEP, tlsh: NEAR_TLSH.toLowerCase().slice(2) })).json();
  assert.deepEqual(
    found.items.map((item: { sha256: string; evidence: unknown[] }) => [item.sha256, item.evidence]),
    [[
      known.sha256,
      [{ method: "tlsh", distance: 2, value: TLSH }, { method: "ssdeep", score: 94, value: SSDEEP }],
    ]],
  );
  for (const query of [{}, { ssdeep: "3:a" }, { tlsh: "T1FF" }] as Record<string, string>[]) {
    const response = await ask(query);
    assert.equal(response.status, 400);
    await response.body?.cancel();
  }
});
