import assert from "node:assert/strict";
import { models } from "../fixtures/reports.ts";
import type { IndicatorType } from "../model/model.ts";
import { createContext } from "./context.ts";
import { observablesOf } from "./observable.ts";
import { testSettings } from "./testing.ts";

const cases: readonly [type: IndicatorType, value: string, made: readonly (readonly [string, string])[]][] = [
  ["path", "C:\\Windows\\a.exe", [["directory", "C:\\Windows"], ["file", "a.exe"]]],
  ["path", "C:\\a.exe", [["directory", "C:\\"], ["file", "a.exe"]]],
  ["path", "C:\\", [["directory", "C:\\"]]],
  ["path", "\\\\host\\share\\a", [["directory", "\\\\host\\share"], ["file", "a"]]],
  ["path", "/etc/passwd", [["directory", "/etc"], ["file", "passwd"]]],
  ["path", "/x", [["directory", "/"], ["file", "x"]]],
  ["path", "/var/tmp/", [["directory", "/var/tmp/"]]],
  ["path", "relative\\a", []],
  ["domain", "münchen.example", [["domain-name", "münchen.example"]]],
  ["domain", "xn--mnchen-3ya.example", [["domain-name", "xn--mnchen-3ya.example"]]],
  ["domain", "xn--zzzzzzzz.example", []],
  ["domain", "a_b.example", []],
  ["domain", "*.example", []],
  ["domain", "-a.example", []],
  ["domain", "ab--c.example", []],
  ["domain", "😀.example", []],
  ["domain", "a.example.", []],
  ["ipv4-addr", "256.1.1.1", []],
  ["ipv6-addr", "2001:db8::1", [["ipv6-addr", "2001:db8::1"]]],
  ["ipv6-addr", "1:2:3", []],
  ["url", "http://a.example/%zz", []],
  ["url", "http://a.example/a b", []],
  ["email", "a@b", []],
  ["registry", "HKEY_LOCAL_MACHINE\\Software", [["windows-registry-key", "HKEY_LOCAL_MACHINE\\Software"]]],
  ["registry", "Software\\Run", []],
  ["wallet", "bc1q", []],
];

for (const [type, value, made] of cases) {
  Deno.test(`observablesOf() makes ${made.length === 0 ? "nothing" : made.map(([kind]) => kind)} of ${type} '${value}'`, async () => {
    const context = createContext(models().get("elf")!, await testSettings());
    const objects = observablesOf(context, { type, value, sources: [], seen: "mentioned" });
    assert.deepEqual(
      objects.map(({ type, path, name, value, key }) => [type, path ?? name ?? value ?? key]),
      made,
    );
  });
}
