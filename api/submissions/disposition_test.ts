import fc from "fast-check";
import assert from "node:assert/strict";
import { parseDisposition } from "./disposition.ts";

const latin1 = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));

Deno.test("parseDisposition() reads names as browsers, curl and RFC 8187 write them", () => {
  const name = (header: string) => parseDisposition(header).filename;
  assert.deepEqual(parseDisposition('form-data; name="file"; filename="a.exe"'), {
    type: "form-data",
    name: "file",
    filename: "a.exe",
  });
  assert.equal(name('form-data; name=file; filename="a%22b%0D%0Ac"'), 'a"b\r\nc');
  assert.equal(name('form-data; filename="a\\"b\\\\c"'), 'a"b\\c');
  assert.equal(name("attachment; filename=plain.bin"), "plain.bin");
  assert.equal(name(`form-data; filename="${latin1("naïve-шум.exe")}"`), "naïve-шум.exe");
  assert.equal(name('form-data; filename="caf\xe9"'), "caf\xe9");
  assert.equal(name("form-data; filename=\"x\"; filename*=UTF-8''na%C3%AFve"), "naïve");
  assert.equal(name("form-data; filename=\"x\"; filename*=UTF-8''%ff%fe"), "x");
});

Deno.test("parseDisposition() keeps paths, overrides and semicolons as text, and takes the first of a parameter", () => {
  const name = (header: string) => parseDisposition(header).filename;
  assert.equal(name('form-data; filename="../../etc/passwd"'), "../../etc/passwd");
  assert.equal(name(`form-data; filename="${latin1("\u202egpj.exe")}"`), "\u202egpj.exe");
  assert.equal(name('form-data; filename="a;name=b"'), "a;name=b");
  assert.equal(parseDisposition('form-data; name="file"; name="options"').name, "file");
  assert.equal(name('form-data; filename="cut in the mid'), "cut in the mid");
  assert.equal(name("form-data"), null);
});

Deno.test("parseDisposition() reads back any name that is quoted as browsers do", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 200 }), (given) => {
    const name = given.toWellFormed().replaceAll("\\", "").replace(/%(0A|0D|22)/gi, "");
    const quoted = name.replaceAll("\n", "%0A").replaceAll("\r", "%0D").replaceAll('"', "%22");
    assert.equal(parseDisposition(`form-data; name="file"; filename="${latin1(quoted)}"`).filename, name);
  }));
});

Deno.test("parseDisposition() takes any text in time that grows with its length", () => {
  fc.assert(fc.property(fc.string({ unit: "binary", maxLength: 500 }), (text) => {
    assert.equal(typeof parseDisposition(text).type, "string");
  }));
  const hostile = `form-data; filename="${'\\"; '.repeat(20_000)}`;
  assert.equal(typeof parseDisposition(hostile).filename, "string");
});
