import assert from "node:assert/strict";
import { documentText, documentUrl } from "./write.ts";

Deno.test("api/openapi.json is what the routes describe now (deno task openapi)", async () => {
  assert.equal(await documentText(), await Deno.readTextFile(documentUrl));
});

Deno.test("the description names every operation once, and every reference in it leads somewhere", async () => {
  const text = await documentText();
  const document = JSON.parse(text);
  assert.equal(document.openapi, "3.1.0");
  const ids = Object.values(document.paths).flatMap((path) =>
    Object.values(path as Record<string, { operationId: string }>).map((operation) => operation.operationId)
  );
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(ids.every((id) => /^[a-z][A-Za-z]+$/.test(id)), true);
  for (const [, name] of text.matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g)) {
    assert(name! in document.components.schemas, name);
  }
});
