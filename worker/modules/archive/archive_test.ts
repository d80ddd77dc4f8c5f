import type { Sha256 } from "@assay/core";
import { BlobWriter, configure, TextReader, Uint8ArrayReader, ZipWriter } from "@zip.js/zip.js";
import * as sevenZip from "7z-wasm";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import type { Findings, InlineAnalyzer } from "../../module/define.ts";
import archive from "./mod.ts";
import { PIECE } from "./zip.ts";

const text = (value: string) => new TextEncoder().encode(value);
const plain = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const RAR = "UmFyIRoHAQDFGjMyAwEAAAbUup4SAgIKBAogndKAsQABBWEudHh0aGVsbG8gcmFyChmyOjUDBQAA";
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
  // Small pieces, as the module sets them for all, would pack badly.
  configure({ chunkSize: 1024 * 1024 });
  const writer = new ZipWriter(new BlobWriter(), options);
  for (const [name, data] of Object.entries(members)) {
    await writer.add(name, typeof data === "string" ? new TextReader(data) : new Uint8ArrayReader(data));
  }
  const made = new Uint8Array(await (await writer.close()).arrayBuffer());
  configure({ chunkSize: PIECE });
  return made;
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

Deno.test("archive gives what is whole of a cut zip, gzip and tar, and says that it was cut", async () => {
  for (const options of [{ dataDescriptor: true }, { dataDescriptor: false }]) {
    const whole = await zip({ "a": "some text", "b": "more ".repeat(50) }, options);
    const noDirectory = await unpack(whole.subarray(0, whole.length - 30), "zip");
    assert.deepEqual(files(noDirectory), { a: "some text", b: "more ".repeat(50) });
    const half = await unpack(whole.subarray(0, 75), "zip");
    assert.equal(files(half)["a"], "some text");
    assert.notDeepEqual((half.raw as { errors: string[] }).errors, []);
  }
  await assert.rejects(unpack(text("PK no zip"), "zip"), /Cannot unpack zip/);
  const noise = crypto.getRandomValues(new Uint8Array(60_000));
  const zipped = gzipSync(noise);
  const cut = await unpack(zipped.subarray(0, 40_000), "gzip");
  assert.deepEqual(cut.children![0]!.bytes, noise.subarray(0, cut.children![0]!.bytes.length));
  assert.ok(cut.children![0]!.bytes.length > 30_000);
  assert.match(JSON.stringify(cut.raw), /it was cut/);
  const tar = await pack("x.tar", { "one.txt": "first", "two.txt": "second".repeat(1000) });
  assert.equal(files(await unpack(tar.subarray(0, 2000), "tar"))["one.txt"], "first");
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

Deno.test("archive gives every member as plain bytes, large ones written at once too", async () => {
  const found = await unpack(
    await pack("x.tar", { "large.bin": "x".repeat(100_000), "small.txt": "1" }),
    "tar",
  );
  assert.deepEqual(found.children!.map(({ bytes }) => [bytes.constructor.name, bytes.length]), [
    ["Uint8Array", 100_000],
    ["Uint8Array", 1],
  ]);
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

Deno.test("archive counts what comes out where the list says no size or a wrong one", async () => {
  const zeros = "0".repeat(20 * 1024 * 1024);
  const unsaid = await unpack(await pack("x.bz2", { zeros }, "-tbzip2"), "bzip2");
  assert.deepEqual(unsaid.children, []);
  assert.deepEqual(tags(unsaid), ["archive-bomb"]);
  const lying = await zip({ a: zeros, b: "more" });
  const view = new DataView(lying.buffer);
  const directory = view.getUint32(lying.length - 6, true);
  view.setUint32(directory + 24, 5, true);
  assert.deepEqual(tags(await unpack(lying, "zip")), ["archive-bomb"]);
});

Deno.test("archive takes members whose declared size is wrong, as any program that opens it would", async () => {
  const lying = await zip({ a: "some text" });
  new DataView(lying.buffer).setUint32(
    new DataView(lying.buffer).getUint32(lying.length - 6, true) + 24,
    5,
    true,
  );
  assert.deepEqual(files(await unpack(lying, "zip")), { a: "some text" });
});

Deno.test("archive ends when its time is up and keeps what came out", async () => {
  const found = await unpack(await zip({ a: new Uint8Array(4 * 1024 * 1024), b: "more" }), "zip", {
    seconds: 1e-9,
  });
  assert.deepEqual(found.children, []);
  assert.match(found.limits![0]!, /stopped after/);
  const inside = await unpack(await pack("x.7z", { "one.txt": "first" }), "7z", { seconds: 1e-9 });
  assert.deepEqual(inside.children, []);
  assert.match(inside.limits![0]!, /stopped after/);
});

Deno.test("archive gives up on members that are too large one after the other", async () => {
  const one = await zip({ "0": crypto.getRandomValues(new Uint8Array(60_000)), "1": "more" });
  const found = await unpack(overlap(one, 50), "zip", { memberBytes: 50_000, totalBytes: 100_000 });
  assert.ok(found.children!.length < 5, `${found.children!.length} members came out`);
  assert.match(JSON.stringify(found.limits), /too much was too large|members overlap/);
});

Deno.test("archive keeps links and hostile names of a tar inside its memory", async () => {
  const names = ["../../etc/passwd", "/abs/path", "*", "@list", "-o/x", "a\nb", "twice", "twice"];
  const link = tarMember("link", "", "2", "/etc/passwd");
  const found = await unpack(
    Uint8Array.from([
      ...names.flatMap((name) => [...tarMember(name, name)]),
      ...link,
      ...new Uint8Array(1024),
    ]),
    "tar",
  );
  assert.deepEqual(found.children!.map(({ bytes }) => plain(bytes)).sort(), names.toSorted());
  const small = await unpack(
    Uint8Array.from([
      ...tarMember("*", "x".repeat(600)),
      ...tarMember("b", "small"),
      ...new Uint8Array(1024),
    ]),
    "tar",
    { memberBytes: 512 },
  );
  assert.deepEqual(files(small), { b: "small" }, "a name that is a pattern leaves only itself out");
});

Deno.test("archive takes files out of folders too deep to make", async () => {
  const deep = (name: string) => {
    const path = text(`${"a/".repeat(500)}${name}`);
    // GNU's long name: a member of type L holds the name of the next.
    return [...tarMember("././@LongLink", plain(path), "L"), ...tarMember("short", name)];
  };
  const tar = Uint8Array.from([...deep("one"), ...deep("two"), ...new Uint8Array(1024)]);
  assert.deepEqual(files(await unpack(tar, "tar")), { one: "one", two: "two" });
});

Deno.test("archive gives the content of a gzip whose checksum is wrong, and says so", async () => {
  const wrong = Uint8Array.from(gzipSync(text("hello")));
  wrong[wrong.length - 8]! ^= 1;
  const found = await unpack(wrong, "gzip");
  assert.deepEqual(files(found), { content: "hello" });
  assert.match(JSON.stringify(found.raw), /incorrect data check/);
});

Deno.test("archive unpacks rar", async () => {
  // RAR 5.0, one stored file: signature, main header, file header, data, end.
  const rar = Uint8Array.fromBase64(RAR);
  assert.deepEqual(files(await unpack(rar, "rar")), { "a.txt": "hello rar\n" });
});

/** A member of a tar (POSIX ustar); `type` 0 is a file, 2 a link. */
function tarMember(name: string, content: string, type = "0", target = ""): Uint8Array {
  const block = new Uint8Array(512 + Math.ceil(content.length / 512) * 512);
  const put = (at: number, value: string) => block.set(text(value), at);
  put(0, name);
  put(100, "0000644\0" + "0000000\0" + "0000000\0");
  put(
    124,
    content.length.toString(8).padStart(11, "0") + "\0" + "00000000000\0" + " ".repeat(8) + type + target,
  );
  put(257, "ustar\x0000");
  const sum = block.subarray(0, 512).reduce((total, byte) => total + byte, 0);
  put(148, sum.toString(8).padStart(6, "0") + "\0 ");
  put(512, content);
  return block;
}

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
