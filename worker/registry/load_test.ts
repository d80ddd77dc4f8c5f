import { Config } from "@assay/infra";
import assert from "node:assert/strict";
import { loadModules } from "./load.ts";
import { orderModules } from "./order.ts";

const fixtures = new URL("../inline/fixtures/", import.meta.url);

Deno.test("orderModules() puts each behind those it requires, filetype first", () => {
  const modules = [
    { name: "a", requires: ["z", "missing"] },
    { name: "z", requires: ["m"] },
    { name: "m" },
    { name: "filetype" },
  ];

  assert.deepEqual(orderModules(modules).map(({ name }) => name), ["filetype", "m", "z", "a"]);
});

Deno.test("orderModules() names the circle", () => {
  const circle = [{ name: "a", requires: ["b"] }, { name: "b", requires: ["c"] }, {
    name: "c",
    requires: ["a"],
  }];

  assert.throws(() => orderModules(circle), /require each other: 'a' → 'b' → 'c' → 'a'/);
});

Deno.test("loadModules() loads every folder with its options, in order", async () => {
  const config = Config.parse({
    modules: { echo: { options: { tag: "other" }, timeout: "5s" }, nothing: { enabled: false } },
  });

  const registry = await loadModules(config, fixtures);

  const echo = registry.modules.find(({ module }) => module.name === "echo")!;
  assert.equal(registry.modules[0]!.module.name, "filetype");
  assert.deepEqual([echo.options, echo.timeoutMs], [{ tag: "other" }, 5000]);
  assert.deepEqual(registry.disabled, ["nothing"]);
  const nothing = registry.descriptions.find(({ name }) => name === "nothing")!;
  assert.deepEqual([nothing.enabled, nothing.available, nothing.reason], [
    false,
    false,
    "Disabled in the configuration",
  ]);
});

Deno.test("loadModules() names an unknown module and an option that isn't right", async () => {
  const unknown = Config.parse({ modules: { nonesuch: {} } });
  const wrong = Config.parse({ modules: { echo: { options: { tag: 1 } } } });
  const extra = Config.parse({ modules: { echo: { options: { tags: "x" } } } });

  const preset = Config.parse({ presets: { mine: { modules: ["echo", "nonesuch"] } } });

  await assert.rejects(loadModules(unknown, fixtures), /Cannot configure module 'nonesuch'/);
  await assert.rejects(loadModules(preset, fixtures), /Cannot configure preset 'mine': .*got 'nonesuch'/);
  await assert.rejects(loadModules(wrong, fixtures), /'modules\.echo\.options\.tag'/);
  await assert.rejects(loadModules(extra, fixtures), /'modules\.echo\.options\.tags'/);
});

Deno.test("loadModules() leaves out what requires a module that is switched off, and says so", async () => {
  const config = Config.parse({ modules: { filetype: { enabled: false } } });

  const registry = await loadModules(config, fixtures);

  const echo = registry.unavailable.find(({ name }) => name === "echo");
  assert.equal(echo?.reason, "It requires 'filetype': Disabled in the configuration");
});

Deno.test("loadModules() describes a folder that can't be loaded instead of failing", async () => {
  const folder = await Deno.makeTempDir();
  try {
    await Deno.mkdir(`${folder}/broken`);
    await Deno.mkdir(`${folder}/empty`);
    await Deno.writeTextFile(`${folder}/broken/mod.ts`, "throw new Error('Its table is gone')");
    await Deno.writeTextFile(`${folder}/empty/mod.ts`, "export default { kind: 'inline', name: 'other' }");

    const { descriptions } = await loadModules(Config.parse({}), new URL(`file://${folder}/`));

    assert.deepEqual(descriptions.map(({ name, available }) => [name, available]), [
      ["broken", false],
      ["empty", false],
    ]);
    assert.match(descriptions[0]!.reason!, /Its table is gone/);
    assert.match(descriptions[1]!.reason!, /expected the folder's name, got 'other'/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
