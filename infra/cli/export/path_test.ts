import assert from "node:assert/strict";
import { exportPath } from "./path.ts";

const ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const HASH = "a".repeat(64);

Deno.test("exportPath() takes a report's id or a sample's digest, in any case", () => {
  assert.deepEqual(exportPath([ID.toLowerCase()], { format: "stix", profile: "misp" }), {
    path: `/api/v1/reports/${ID}/export/stix?profile=misp`,
    binary: false,
  });
  assert.equal(
    exportPath([HASH.toUpperCase()], { format: "text", sections: "notes,gaps" }).path,
    `/api/v1/samples/${HASH}/export/text?sections=notes%2Cgaps`,
  );
});

Deno.test("exportPath() says what to write instead", () => {
  const refused = (positionals: string[], asked: Parameters<typeof exportPath>[1], why: RegExp) =>
    assert.throws(() => exportPath(positionals, asked), (error) => {
      assert(error instanceof TypeError);
      assert.match(error.message, why);
      return true;
    });
  refused([], { format: "json" }, /expected one report's id or one sample's SHA-256/);
  refused([ID, ID], { format: "json" }, /expected one report's id/);
  refused([ID], {}, /expected --format with one of json, stix/);
  refused([ID], { format: "docx" }, /'docx': expected one of json, stix/);
  refused(["../../etc/passwd"], { format: "json" }, /expected a report's id/);
  refused([ID], { format: "json", profile: "misp" }, /format 'json' doesn't take --profile/);
});
