import type { ModuleDescription } from "@assay/core";
import assert from "node:assert/strict";
import { testApi } from "../app/testing.ts";

const module = (name: string, given: Partial<ModuleDescription> = {}): ModuleDescription => ({
  name,
  title: name,
  description: "",
  category: "metadata",
  kind: "inline",
  enabled: true,
  available: true,
  reason: null,
  version: "1",
  definition: null,
  accepts: null,
  requires: [],
  ...given,
});
const installed = [module("digests"), module("filetype"), module("pe"), module("lookup", { kind: "http" })];
const settings = { presets: { mine: { modules: ["pe"], description: "Ours" } } };

Deno.test("GET /modules lists modules and the presets of them", async () => {
  await using api = await testApi(settings, { replace: { modules: () => Promise.resolve(installed) } });

  const { items, presets } = await (await api.ask("/api/v1/modules")).json();

  assert.deepEqual(items, installed);
  assert.deepEqual(presets.map((one: { name: string; modules: string[] }) => [one.name, one.modules]), [
    ["mine", ["pe"]],
    ["quick", ["digests", "filetype"]],
    ["static", ["digests", "filetype", "pe"]],
  ]);
});

Deno.test("POST /submissions runs the modules of a preset with those named beside it", async () => {
  await using api = await testApi(settings, { replace: { modules: () => Promise.resolve(installed) } });
  const submit = async (options: unknown) => {
    const body = new FormData();
    body.append("file", new File(["x"], "x"));
    body.append("options", JSON.stringify(options));
    return await (await api.ask("/api/v1/submissions", { method: "POST", body })).json();
  };

  const { id } = await submit({ preset: "quick", modules: ["pe", "digests"] });
  const refused = await submit({ preset: "nonesuch" });

  const { modules } = await (await api.ask(`/api/v1/submissions/${id}`)).json();
  assert.deepEqual(modules, ["digests", "filetype", "pe"]);
  assert.deepEqual([refused.code, refused.status], ["unknown-preset", 400]);
  assert.match(refused.detail, /there is no preset 'nonesuch', expected mine, quick, static/);
});
