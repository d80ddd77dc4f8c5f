import fc from "fast-check";
import assert from "node:assert/strict";
import { ProblemError } from "../problem/problem.ts";
import { readMultipart } from "./multipart.ts";

const type = "multipart/form-data; boundary=X";
const head = (name: string) => `Content-Disposition: form-data; name="${name}"\r\n\r\n`;

/** Reads a whole body cut into pieces of `size` bytes; gives each part's name and text. */
async function readAll(
  body: string | Uint8Array<ArrayBuffer>,
  size = 7,
  contentType = type,
  ready: () => Promise<void> = () => Promise.resolve(),
): Promise<[string | null, string][]> {
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  async function* pieces() {
    for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
  }
  const parts: Promise<[string | null, string]>[] = [];
  const signal = new AbortController().signal;
  for await (const { disposition, bytes } of readMultipart(pieces(), contentType, signal)) {
    const text = (async () => {
      await ready();
      const decoder = new TextDecoder();
      let text = "";
      for await (const chunk of bytes) text += decoder.decode(chunk, { stream: true });
      return [disposition.name, text] as [string | null, string];
    })();
    text.catch(() => {}); // a part that breaks ends the whole, which the test looks at
    parts.push(text);
  }
  return await Promise.all(parts);
}

const refused = (detail: RegExp) => (cause: unknown) => {
  assert(cause instanceof ProblemError);
  assert.equal(cause.code, "invalid-multipart");
  assert.match(cause.message, detail);
  return true;
};

Deno.test("readMultipart() gives each part whole however the body is cut", async () => {
  const body = `preamble\r\n--X\r\n${head("file")}\r\n--x\r\n-\r\n--X\r\n${
    head("options")
  }{}\r\n--X--\r\nepilogue`;
  for (const size of [1, 2, 3, 7, 1000]) {
    assert.deepEqual(
      await readAll(body, size),
      [["file", "\r\n--x\r\n-"], ["options", "{}"]],
      `pieces of ${size}`,
    );
  }
});

Deno.test("readMultipart() ends however much of a part comes together with the boundary after it", async () => {
  const big = "x".repeat(200_000);
  const one = `--X\r\n${head("file")}${big}\r\n`;
  for (const size of [10_000, 65_536, 200_050, 1_000_000]) {
    assert.deepEqual(await readAll(`${one}--X--\r\n`, size), [["file", big]], `pieces of ${size}`);
    const three = [["file", big], ["file", big], ["file", big]];
    assert.deepEqual(await readAll(`${one}${one}${one}--X--\r\nepilogue`, size), three, `pieces of ${size}`);
  }
});

Deno.test("readMultipart() ends for parts of any size, in pieces of any size, read sooner or later", async () => {
  const sizes = fc.array(fc.oneof(fc.constant(0), fc.nat(100), fc.nat(150_000)), { maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(
      sizes,
      fc.integer({ min: 500, max: 200_000 }),
      fc.nat(5),
      async (lengths, size, turns) => {
        const late = async () => {
          for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve));
        };
        const texts = lengths.map((length, i) => String(i).repeat(length));
        const body = texts.map((text) => `--X\r\n${head("file")}${text}\r\n`).join("") + "--X--\r\n";
        assert.deepEqual(await readAll(body, size, type, late), texts.map((text) => ["file", text]));
      },
    ),
  );
});

Deno.test("readMultipart() gives empty parts, and none for none", async () => {
  assert.deepEqual(await readAll(`--X\r\n${head("file")}\r\n--X--\r\n`), [["file", ""]]);
  assert.deepEqual(await readAll("--X--\r\n"), []);
});

Deno.test("readMultipart() refuses bodies that end early, wherever", async () => {
  const body = `--X\r\n${head("file")}abc\r\n--X--\r\n`;
  for (let length = 0; length < body.indexOf("--X--") + 5; length++) {
    await assert.rejects(readAll(body.slice(0, length)), refused(/ends/), body.slice(0, length));
  }
});

Deno.test("readMultipart() refuses parts that it cannot name instead of passing over them", async () => {
  await assert.rejects(readAll("--X\r\nno headers\r\n--X--"), refused(/ends/));
  await assert.rejects(readAll("--X\r\n\r\nabc\r\n--X--"), refused(/Content-Disposition/));
  await assert.rejects(
    readAll(`--X\r\nno headers\r\n--X\r\n${head("file")}a\r\n--X--`),
    refused(/Content-Disposition/),
  );
  await assert.rejects(readAll(`--Xjunk\r\n${head("file")}abc\r\n--X--`), refused(/Content-Disposition/));
  const endless = `--X\r\nA: ${"a".repeat(100_000)}\r\n${head("file")}abc\r\n--X--`;
  await assert.rejects(readAll(endless, 1000), refused(/longer than 32768/));
  await assert.rejects(
    readAll("--X\r\nContent-Type: text/plain\r\n\r\nabc\r\n--X--"),
    refused(/Content-Disposition/),
  );
  await assert.rejects(
    readAll(`--X\r\nContent-Disposition: attachment; name="file"\r\n\r\nabc\r\n--X--`),
    refused(/form-data/),
  );
  await assert.rejects(
    readAll(`--X\r\nContent-Disposition: form-data;\n name="file"\r\n\r\nabc\r\n--X--`),
    refused(/Content-Disposition/),
  );
});

Deno.test("readMultipart() refuses a content type without a usable boundary", async () => {
  await assert.rejects(readAll("", 7, "multipart/form-data"), refused(/no boundary/));
  await assert.rejects(
    readAll("", 7, `multipart/form-data; boundary=${"b".repeat(71)}`),
    refused(/longer than 70/),
  );
});

Deno.test("readMultipart() ends with the reason of an abort, also where nobody reads the part", async () => {
  async function* body() {
    yield new TextEncoder().encode(`--X\r\n${head("file")}abc`);
    await new Promise(() => {});
  }
  const abort = new AbortController();
  const all = (async () => {
    for await (const _ of readMultipart(body(), type, abort.signal)) abort.abort(new Error("enough"));
  })();
  await assert.rejects(all, /enough/);
});

Deno.test("readMultipart() passes over what the reader of a part has left", async () => {
  const body = new TextEncoder().encode(
    `--X\r\n${head("a")}${"x".repeat(5000)}\r\n--X\r\n${head("b")}y\r\n--X--`,
  );
  async function* pieces(size: number) {
    for (let at = 0; at < body.length; at += size) yield body.subarray(at, at + size);
  }
  for (const size of [100, 10_000]) {
    const names: (string | null)[] = [];
    for await (
      const { disposition, bytes } of readMultipart(pieces(size), type, new AbortController().signal)
    ) {
      names.push(disposition.name);
      for await (const _ of bytes) break;
    }
    assert.deepEqual(names, ["a", "b"]);
  }
});

Deno.test("readMultipart() takes any bytes: parts or a refusal", async () => {
  const piece = fc.constantFrom(
    "--X",
    "--X--",
    "\r\n",
    "\r\n\r\n",
    "-",
    head("file"),
    "abc",
    "Content-Disposition:",
    "\0",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(piece, { maxLength: 12 }),
      fc.integer({ min: 1, max: 9 }),
      async (pieces, size) => {
        try {
          assert(Array.isArray(await readAll(pieces.join(""), size)));
        } catch (cause) {
          assert(cause instanceof ProblemError, String(cause));
        }
      },
    ),
  );
});
