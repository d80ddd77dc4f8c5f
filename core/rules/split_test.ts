import assert from "node:assert/strict";
import { splitRules } from "./split.ts";

Deno.test("splitRules() cuts between rules, whatever their strings and comments hold", () => {
  const source = `import "pe"
// a comment with a brace }
rule one { strings: $a = "}" $b = { 4D 5A [2-4] ( 00 | 01 ) } $c = /[}"]+\\/x{2}/i condition: any of them }
/* } */ private rule two : tag { condition: pe.is_pe }
`;
  const rules = splitRules(source);
  assert.equal(rules.length, 2);
  assert.match(rules[0]!, /^import "pe"\n[\s\S]*rule one [\s\S]*any of them \}$/);
  assert.match(rules[1]!, /^import "pe"\n[\s\S]*private rule two : tag \{ condition: pe\.is_pe \}$/);
});

Deno.test("splitRules() comes to an end on what is no rule", () => {
  for (const source of ["", "}}}}", "{{{{", '"', "/*", "rule x { strings: $a = /"]) splitRules(source);
});
