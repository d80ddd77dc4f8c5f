import type { Sha256 } from "@assay/core";
import { BlobWriter, TextReader, Uint8ArrayReader, ZipWriter } from "@zip.js/zip.js";
import * as sevenZip from "7z-wasm";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { Findings, InlineAnalyzer } from "../../module/define.ts";
import archive from "./mod.ts";

const text = (value: string) => new TextEncoder().encode(value);
const plain = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const PASSWORDS = ["own-secret", "infected"];

async function unpack(
  bytes: Uint8Array,
  fileType: string,
  limits: Record<string, number> = {},
): Promise<Findings> {
  const analyze = await (archive as { open(options: unknown): InlineAnalyzer | Promise<InlineAnalyzer> })
    .open(archive.options.parse({ limits }));
  const found = await analyze({
    sha256: "0".repeat(64) as Sha256,
    bytes,
    name: null,
    fileType,
    mime: "",
    required: {},
    passwords: PASSWORDS,
  });
  return found!;
}
const files = (found: Findings) =>
  Object.fromEntries(found.children!.map(({ name, bytes }) => [name, plain(bytes)]));
const tags = (found: Findings) => found.observations.flatMap((o) => o.type === "tag" ? [o.value] : []);

async function zip(members: Record<string, string | Uint8Array>, options = {}): Promise<Uint8Array> {
  const writer = new ZipWriter(new BlobWriter(), options);
  for (const [name, data] of Object.entries(members)) {
    await writer.add(name, typeof data === "string" ? new TextReader(data) : new Uint8ArrayReader(data));
  }
  return new Uint8Array(await (await writer.close()).arrayBuffer());
}

/** Makes an archive by 7-Zip itself. */
async function pack(
  name: string,
  members: Record<string, string>,
  ...options: string[]
): Promise<Uint8Array> {
  // deno-lint-ignore no-explicit-any -- the package's types are those of a script tag
  const program = await (sevenZip.default as any)({ print: () => {}, printErr: () => {} });
  for (const [path, data] of Object.entries(members)) program.FS.writeFile(`/${path}`, data);
  program.callMain(["a", ...options, `/${name}`, ...Object.keys(members).map((path) => `/${path}`)]);
  return program.FS.readFile(`/${name}`);
}

Deno.test("archive gives the files of a zip, keeping hostile names as text", async () => {
  const names = ["a.txt", "../../etc/passwd", "C:\\Windows\\x.exe", `${"n".repeat(5000)}`, "folder/"];
  const found = await unpack(
    await zip(Object.fromEntries(names.map((name) => [name, name.slice(0, 9)]))),
    "zip",
  );
  assert.deepEqual(Object.keys(files(found)), names.slice(0, 4));
  assert.equal(files(found)["../../etc/passwd"], "../../etc");
});

Deno.test("archive opens ZipCrypto and AES zips by the list and never tells the password", async () => {
  for (const options of [{ zipCrypto: true }, { encryptionStrength: 3 as const }]) {
    for (const password of PASSWORDS) {
      const found = await unpack(await zip({ "x.exe": "hello" }, { password, ...options }), "zip");
      assert.deepEqual(files(found), { "x.exe": "hello" });
      assert.ok(!JSON.stringify([found.observations, found.raw, found.limits]).includes(password));
    }
  }
  const closed = await unpack(await zip({ "x.exe": "hello" }, { password: "nobody knows" }), "zip");
  assert.deepEqual(closed.children, []);
  assert.deepEqual(tags(closed), ["encrypted"]);
});

Deno.test("archive stops a zip bomb by the bytes that come out, whatever it declares", async () => {
  const zeros = new Uint8Array(64 * 1024 * 1024);
  const bomb = await zip({ "small.txt": "first", "zeros": zeros, "more": zeros });
  const found = await unpack(bomb, "zip");
  assert.deepEqual(Object.keys(files(found)), ["small.txt"], "what came before is kept");
  assert.deepEqual(tags(found), ["archive-bomb"]);
  assert.match(found.limits![0]!, /stopped at 200 times its size/);
});

Deno.test("archive stops a zip whose members overlap", async () => {
  const one = await zip({ "0": new Uint8Array(7 * 1024 * 1024) });
  const found = await unpack(overlap(one, 400), "zip");
  assert.ok(found.children!.length <= 1, `${found.children!.length} members came out`);
  assert.deepEqual(tags(found), ["archive-bomb"]);
});

Deno.test("archive keeps to its limits of members and bytes", async () => {
  const many = await zip(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}`, `file ${i}`])));
  const found = await unpack(many, "zip", { members: 10 });
  assert.equal(found.children!.length, 10);
  assert.match(found.limits![0]!, /first 10 members/);
  const large = await unpack(many, "zip", { memberBytes: 6 });
  assert.deepEqual(Object.keys(files(large)), Array.from({ length: 10 }, (_, i) => String(i)));
});

Deno.test("archive reads a truncated zip as an error with a reason", async () => {
  const whole = await zip({ "a": "some text", "b": "more" });
  await assert.rejects(unpack(whole.subarray(0, whole.length - 30), "zip"), /Cannot unpack zip/);
});

Deno.test("archive gives the content of gzip under its name, and stops a gzip bomb", async () => {
  assert.deepEqual(files(await unpack(gzipSync(text("hello")), "gzip")), { content: "hello" });
  const bomb = await unpack(gzipSync(new Uint8Array(64 * 1024 * 1024)), "gzip");
  assert.deepEqual(bomb.children, []);
  assert.deepEqual(tags(bomb), ["archive-bomb"]);
  await assert.rejects(unpack(text("\x1f\x8b no gzip"), "gzip"), /Cannot unpack gzip/);
});

Deno.test("archive unpacks 7z, tar, xz and bzip2", async () => {
  const members = { "one.txt": "first", "two.txt": "second" };
  assert.deepEqual(files(await unpack(await pack("x.7z", members), "7z")), members);
  assert.deepEqual(files(await unpack(await pack("x.tar", members), "tar")), members);
  for (const type of ["xz", "bzip2"]) {
    const found = await unpack(await pack(`x.${type}`, { "one.txt": "first" }, `-t${type}`), type);
    assert.deepEqual(Object.values(files(found)), ["first"]);
  }
});

Deno.test("archive opens 7z with encrypted content and with encrypted names", async () => {
  for (const more of [[], ["-mhe=on"]]) {
    const found = await unpack(await pack("x.7z", { "one.txt": "first" }, "-pinfected", ...more), "7z");
    assert.deepEqual(files(found), { "one.txt": "first" });
  }
  const closed = await unpack(await pack("x.7z", { "one.txt": "first" }, "-pnobody knows"), "7z");
  assert.deepEqual(closed.children, []);
  assert.deepEqual(tags(closed), ["encrypted"]);
});

Deno.test("archive takes no more out of a 7z than its list may give", async () => {
  const found = await unpack(await pack("x.7z", { big: "0".repeat(20 * 1024 * 1024), small: "1" }), "7z");
  assert.deepEqual(files(found), { small: "1" });
  assert.deepEqual(tags(found), ["archive-bomb"]);
});

Deno.test("archive tells what 7-Zip can't read", async () => {
  await assert.rejects(unpack(text("7z\xbc\xaf nothing more"), "7z"), /Cannot unpack archive/);
});

/** A zip whose directory names one member many times (Fifield 2019 without the quoting of headers). */
function overlap(one: Uint8Array, times: number): Uint8Array {
  const view = new DataView(one.buffer, one.byteOffset, one.length);
  const end = one.length - 22;
  const [size, start] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  const directory = one.subarray(start, start + size);
  const bomb = new Uint8Array(start + size * times + 22);
  bomb.set(one.subarray(0, start));
  for (let i = 0; i < times; i++) bomb.set(directory, start + size * i);
  bomb.set(one.subarray(end), start + size * times);
  const last = new DataView(bomb.buffer, start + size * times);
  last.setUint16(8, times, true);
  last.setUint16(10, times, true);
  last.setUint32(12, size * times, true);
  return bomb;
}
