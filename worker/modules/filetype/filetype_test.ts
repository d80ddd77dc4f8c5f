import type { Sha256 } from "@assay/core";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { InlineAnalyzer } from "../../module/define.ts";
import filetype from "./mod.ts";
import { typeBySignature } from "./signatures.ts";

const analyze = await (filetype as { open(options: unknown): InlineAnalyzer | Promise<InlineAnalyzer> }).open(
  {},
);
const bytes = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));

async function typeOf(data: Uint8Array): Promise<{ fileType: string; mime: string }> {
  const found = await analyze({
    sha256: "0".repeat(64) as Sha256,
    bytes: data,
    name: "liar.exe",
    fileType: "unknown",
    mime: "",
    required: {},
    passwords: [],
  });
  return found!.raw as { fileType: string; mime: string };
}

Deno.test("filetype knows formats by their content, whatever their name", async () => {
  const pe = bytes("MZ".padEnd(0x3c, "\0") + "\x40\0\0\0PE\0\0");
  const cases: [string, Uint8Array][] = [
    ["empty", new Uint8Array()],
    ["pe", pe],
    ["dos", bytes("MZ".padEnd(100, "\0"))],
    [
      "elf",
      await Deno.readFile(Deno.execPath()).then((file) => file.subarray(0, 4096), () => bytes("\x7fELF")),
    ],
    ["gzip", gzipSync("hello")],
    ["pdf", bytes("\0junk%PDF-1.7\n")],
    ["7z", bytes("7z\xbc\xaf\x27\x1c\0\x04")],
    ["zip", bytes("PK\x03\x04" + "\0".repeat(26) + "a.txt")],
    ["docx", bytes("PK\x03\x04" + "\0".repeat(26) + "word/document.xml")],
    ["ole", bytes("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")],
    ["json", bytes('{"a": [1, 2, {"b": null}]}')],
    ["shell", bytes("#!/bin/sh\necho hi\n")],
    ["powershell", bytes("param([string]$Name)\nWrite-Host $Name\n")],
    ["javascript", bytes("// a comment\nconst answer = 42;\n")],
    ["text", bytes("# Notes\n\n```\nconst answer = 42;\n```\n")],
  ];
  for (const [type, data] of cases) assert.equal((await typeOf(data)).fileType, type, type);
});

Deno.test("filetype gives IANA's media types", async () => {
  const pe = bytes("MZ".padEnd(0x3c, "\0") + "\x40\0\0\0PE\0\0");
  assert.equal((await typeOf(pe)).mime, "application/vnd.microsoft.portable-executable");
  assert.equal((await typeOf(new Uint8Array())).mime, "application/octet-stream");
});

Deno.test("typeBySignature() reads no further than the bytes there are", () => {
  for (const start of ["MZ", "PK\x03\x04", "BZh", "\xca\xfe\xba\xbe", "dex"]) {
    for (let length = 0; length <= start.length; length++) typeBySignature(bytes(start.slice(0, length)));
  }
  const far = bytes("MZ".padEnd(0x3c, "\0") + "\xff\xff\xff\xff");
  assert.equal(typeBySignature(far), "dos");
});
