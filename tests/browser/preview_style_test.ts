import { tlpLevels } from "@assay/core";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { PAGE_POLICY } from "../../api/headers/security.ts";
import { html } from "../../reports/html/markup.ts";
import { page } from "../../reports/html/page.ts";
import { statementOf } from "../../reports/mod.ts";

Deno.test("the page's policy names the style sheet of reports as HTML of each level, and no other", () => {
  const sources = tlpLevels.map((tlp) => {
    const whole = page({ title: "", tlp, statement: statementOf(tlp), body: html`` });
    const sheet = /<style>([^<]*)<\/style>/.exec(whole)![1]!;
    return `'sha256-${createHash("sha256").update(sheet).digest("base64")}'`;
  });
  assert.equal(/style-src ([^;]*)/.exec(PAGE_POLICY)![1], ["'self'", ...sources].join(" "));
});
