import { fields } from "@assay/core";
import assert from "node:assert/strict";
import { guideUrl, withFieldTable } from "./field_table.ts";

Deno.test("docs/using.md lists every field as the catalogue has it now (deno task fields)", async () => {
  const guide = await Deno.readTextFile(guideUrl);
  assert.ok(guide === withFieldTable(guide), "the table differs: run `deno task fields`");
  for (const { name } of fields) assert.ok(guide.includes(`| \`${name}\` |`), name);
});
