import assert from "node:assert/strict";
import { join } from "node:path";
import plugin from "./arrows.ts";

const root = join(import.meta.dirname!, "..", "..");
const lint = (file: string, source: string) =>
  Deno.lint.runPlugin(plugin, join(root, file), source).map((found) => found.message);

Deno.test("arrows lets a room import its own files and the rooms below it by their public face", () => {
  assert.deepEqual(
    lint("api/tasks/routes.ts", `import { Task } from "@assay/core"; import "./x.ts"; import "hono";`),
    [],
  );
  assert.deepEqual(lint("infra/stack/x.ts", `export * from "@assay/core";`), []);
});

Deno.test("arrows refuses an arrow that points the wrong way, however it is written", () => {
  const wrong = [
    ["core/task/x.ts", `import { x } from "@assay/infra";`],
    ["infra/x.ts", `export * from "../api/mod.ts";`],
    ["api/x.ts", `await import("@assay/worker");`],
    ["ui/x.ts", `export { x } from "../infra/mod.ts";`],
  ] as const;
  for (const [file, source] of wrong) assert.match(lint(file, source)[0] ?? "", /may not import/, file);
});

Deno.test("arrows refuses to reach inside a room past its public face", () => {
  assert.match(lint("api/x.ts", `import "../infra/postgres/keys.ts";`)[0] ?? "", /Import '@assay\/infra'/);
  assert.match(lint("api/x.ts", `import "@assay/infra/postgres";`)[0] ?? "", /Import '@assay\/infra'/);
});

Deno.test("arrows lets tests reach the test parts of infra", () => {
  assert.deepEqual(lint("api/x_test.ts", `import { stack } from "../infra/stack/testing.ts";`), []);
  assert.deepEqual(lint("api/x_test.ts", `import { testStack } from "@assay/infra/testing";`), []);
  assert.equal(lint("api/x.ts", `import { stack } from "../infra/stack/testing.ts";`).length, 1);
  assert.equal(lint("api/x.ts", `import { testStack } from "@assay/infra/testing";`).length, 1);
});

Deno.test("no-markup-strings refuses unsafeHTML and innerHTML", () => {
  assert.equal(lint("ui/x.ts", `import { unsafeHTML } from "lit/directives/unsafe-html.js";`).length, 1);
  assert.equal(lint("ui/x.ts", `element.innerHTML = name;`).length, 1);
  assert.deepEqual(lint("ui/x.ts", `element.textContent = name;`), []);
});
