import assert from "node:assert/strict";
import { presetsOf } from "./preset.ts";

const installed = [
  { name: "yara", kind: "command", enabled: true },
  { name: "digests", kind: "inline", enabled: true },
  { name: "entropy", kind: "inline", enabled: false },
  { name: "filetype", kind: "inline", enabled: true },
  { name: "lookup", kind: "http", enabled: true },
] as const;

Deno.test("presetsOf() makes presets from the modules that are switched on", () => {
  const made = presetsOf(installed, {}).map(({ name, modules, builtIn }) => [name, modules, builtIn]);

  assert.deepEqual(made, [
    ["quick", ["digests", "filetype"], true],
    ["static", ["digests", "filetype", "yara"], true],
  ]);
  assert.deepEqual(presetsOf([], {}), []);
});

Deno.test("presetsOf() lets the configuration add presets and put its own in a built-in one's place", () => {
  const presets = presetsOf(installed, {
    quick: { modules: ["digests"], description: "Ours" },
    rules: { modules: ["yara"], description: "" },
  });

  assert.deepEqual(presets.map(({ name }) => name), ["quick", "rules", "static"]);
  assert.deepEqual(presets[0], { name: "quick", description: "Ours", modules: ["digests"], builtIn: false });
});
