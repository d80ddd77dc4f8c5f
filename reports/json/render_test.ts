import { Ajv2020 } from "ajv/dist/2020.js";
import { fullFormats } from "ajv-formats/dist/formats.js";
import assert from "node:assert/strict";
import { models, note } from "../fixtures/reports.ts";
import { wellFormed } from "../model/shown.ts";
import { renderJson } from "./render.ts";
import { EXPORT_VERSION, exportSchema, ReportExport } from "./schema.ts";

Deno.test("renderJson() gives everything, valid by the published schema", () => {
  const validate = new Ajv2020({ formats: { "date-time": fullFormats["date-time"]! } }).compile(
    exportSchema(),
  );
  for (const [name, model] of models()) {
    const content: unknown = JSON.parse(renderJson(model));
    assert(validate(content), `${name}: ${JSON.stringify(validate.errors)}`);
    assert.deepEqual(ReportExport.parse(content).report, wellFormed(model.report), name);
  }
});

Deno.test("renderJson() holds no half of a surrogate pair", () => {
  for (const model of models().values()) assert.doesNotMatch(renderJson(model), /\\ud[89a-f]/i);
});

Deno.test("renderJson() has notes and the constant line", () => {
  const content = ReportExport.parse(JSON.parse(renderJson(models().get("pe")!)));
  assert.equal(content.notes[0]?.text, note.text);
  assert.equal(content.statement, "Contains what its recipient may see at TLP:RED");
});

Deno.test("the published schema is current: run 'deno task schema:report'", async () => {
  const file = new URL(`./report-${EXPORT_VERSION}.schema.json`, import.meta.url);
  assert.equal(await Deno.readTextFile(file), `${JSON.stringify(exportSchema(), null, 2)}\n`);
});
