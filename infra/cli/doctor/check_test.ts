import assert from "node:assert/strict";
import { formatChecks } from "./check.ts";

Deno.test("formatChecks() prints groups in order and keeps hostile text to one line", () => {
  const table = formatChecks([
    { group: "Tools", name: "deno", state: "ok", detail: "2.9.6" },
    { group: "Modules", name: "yara", state: "absent", detail: "bad\n\x1b[2Jrule" },
    { group: "Tools", name: "maven", state: "missing", detail: "install it" },
  ]);
  assert.equal(
    table,
    "Tools\n  deno   ok       2.9.6\n  maven  missing  install it\n\nModules\n  yara   absent   bad [2Jrule",
  );
});
