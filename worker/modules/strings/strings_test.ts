import type { Sha256 } from "@assay/core";
import assert from "node:assert/strict";
import fc from "fast-check";
import { gunzipSync } from "node:zlib";
import type { Findings, InlineAnalyzer } from "../../module/define.ts";
import { MOST_CHOSEN } from "./choose.ts";
import { findIndicators, MOST_INDICATORS } from "./indicators.ts";
import strings from "./mod.ts";
import { findRuns } from "./scan.ts";

const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
const wide = (text: string) => latin1([...text].map((c) => `${c}\0`).join(""));
const analyze = await (strings as { open(options: unknown): InlineAnalyzer | Promise<InlineAnalyzer> }).open(
  {},
);
const run = async (bytes: Uint8Array): Promise<Findings | null> =>
  await analyze({
    sha256: "0".repeat(64) as Sha256,
    bytes,
    name: null,
    fileType: "unknown",
    mime: "",
    required: {},
    passwords: [],
  });
const found = (text: string) =>
  Object.fromEntries([...findIndicators([text])].map(([kind, values]) => [kind, [...values].sort()]));

Deno.test("findRuns() finds what the expressions find", () => {
  // Bytes that are mostly printable or zero make runs of every length and overlap.
  const byte = fc.oneof(fc.constantFrom(0, 0, 0x41, 0x42, 0x20, 0x7e), fc.nat(255));
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }).chain((random) =>
        fc.array(byte, { maxLength: 400 }).map((biased) => Uint8Array.from([...random, ...biased]))
      ),
      (bytes) => {
        const text = new TextDecoder("latin1").decode(bytes.map((b) => b >= 0x80 ? 1 : b));
        const { ascii, wide } = findRuns(bytes);
        const places = (pattern: RegExp) =>
          [...text.matchAll(pattern)].flatMap((m) => [m.index, m.index + m[0].length]);
        assert.deepEqual(ascii, places(/[\x20-\x7e]{6,}/g));
        // deno-lint-ignore no-control-regex -- the zero is what makes it wide
        assert.deepEqual(wide, places(/(?:[\x20-\x7e]\x00){6,}/g));
      },
    ),
    { numRuns: 2000 },
  );
});

Deno.test("strings counts all, keeps all beside the sample and the telling ones in the report", async () => {
  const many = Array.from({ length: 5000 }, (_, i) => `a readable string number ${i}`).join("\0");
  const result = await run(Uint8Array.from([...latin1(many), 1, ...wide("a wide one here")]));
  const raw = result!.raw as { ascii: number; wide: number; sample: string[] };
  assert.deepEqual([raw.ascii, raw.wide], [5000, 1]);
  assert.ok(raw.sample.length <= MOST_CHOSEN.strings);
  assert.match(result!.limits![0]!, /of 5,001 kept in the report/);
  const lines = new TextDecoder().decode(gunzipSync(result!.attachment!.gzip)).trimEnd().split("\n");
  assert.equal(lines.length, 5001);
  assert.equal(lines.at(-1), "a wide one here");
  assert.equal(await run(latin1("short\0none")), null);
});

Deno.test("findIndicators() validates what it finds", () => {
  assert.deepEqual(found("see http://evil.example.com/a.php?x=1, now"), {
    domain: ["evil.example.com"],
    url: ["http://evil.example.com/a.php?x=1"],
  });
  assert.deepEqual(found("tcp://203.0.113.9:4444"), { ip: ["203.0.113.9"], url: ["tcp://203.0.113.9:4444"] });
  assert.deepEqual(found("mail bob.smith@example.co.uk please"), {
    domain: ["example.co.uk"],
    email: ["bob.smith@example.co.uk"],
  });
  assert.deepEqual(found("HKLM\\Software\\Microsoft\\Run"), {
    registry: ["HKEY_LOCAL_MACHINE\\Software\\Microsoft\\Run"],
  });
  assert.deepEqual(found("open C:\\Users\\Public\\a.exe"), { path: ["C:\\Users\\Public\\a.exe"] });
  assert.deepEqual(found("/etc/ld.so.preload"), { path: ["/etc/ld.so.preload"] });
  assert.deepEqual(found("c2.badguys.net"), { domain: ["c2.badguys.net"] });
});

Deno.test("findIndicators() passes over versions, files, members and placeholders", () => {
  for (
    const text of [
      "version 1.2.3.0 of 4.0.0.0",
      "999.1.2.3",
      "libc.so.6",
      "setup.py main.rs notes.md",
      "self.name this.id os.path",
      "System.Net.Sockets",
      "std::vector::iterator",
      "http://%s/%s",
      "user@localhost",
      "a/b/c.d",
    ]
  ) assert.deepEqual(found(text), {}, text);
});

Deno.test("findIndicators() comes to an end on text that is made to make expressions go back and forth", () => {
  for (const piece of ["a.", "a-", "1.", ":", "@", "\\", "/", "http://", "a@a.", "::1"]) {
    const values = [...findIndicators([piece.repeat(1_000_000)]).values()];
    assert.ok(values.every((found) => found.size <= MOST_INDICATORS));
  }
});
