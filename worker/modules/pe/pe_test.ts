import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import fc from "fast-check";
import { parsePe } from "./parse.ts";
import { reportPe } from "./report.ts";
import { findTechniques } from "./techniques.ts";

/** A 32-bit program with one section, imports by name and by number, exports, a debug path and an overlay, built by hand. */
function build(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(0x810);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => bytes.set(new TextEncoder().encode(value), at);
  const u16 = (at: number, value: number) => view.setUint16(at, value, true);
  const u32 = (at: number, value: number) => view.setUint32(at, value, true);
  text(0, "MZ"), u32(0x3c, 0x80), text(0x80, "PE\0\0");
  u16(0x84, 0x14c), u16(0x86, 1), u32(0x88, 1_600_000_000), u16(0x94, 0xe0), u16(0x96, 0x102);
  const optional = 0x98;
  u16(optional, 0x10b), u32(optional + 16, 0x1000), u32(optional + 28, 0x400000);
  u32(optional + 32, 0x1000),
    u32(optional + 36, 0x200),
    u32(optional + 56, 0x2000),
    u32(optional + 60, 0x200);
  u16(optional + 68, 3), u32(optional + 92, 16);
  const directory = (
    i: number,
    rva: number,
    size: number,
  ) => (u32(optional + 96 + 8 * i, rva), u32(optional + 100 + 8 * i, size));
  const section = optional + 0xe0;
  text(section, "UPX0"),
    u32(section + 8, 0x600),
    u32(section + 12, 0x1000),
    u32(section + 16, 0x600),
    u32(section + 20, 0x200);
  u32(section + 36, 0xe0000020);
  const at = (rva: number) => rva - 0x1000 + 0x200;
  // Imports: KERNEL32.dll!VirtualAlloc and WS2_32.dll by the number of `connect`.
  directory(1, 0x1100, 60);
  const library = (i: number, lookup: number, name: number) => {
    u32(at(0x1100) + 20 * i, lookup),
      u32(at(0x1100) + 20 * i + 12, name),
      u32(at(0x1100) + 20 * i + 16, lookup);
  };
  library(0, 0x1200, 0x1300), library(1, 0x1220, 0x1320);
  u32(at(0x1200), 0x1340), u32(at(0x1220), 0x80000004);
  text(at(0x1300), "KERNEL32.dll"), text(at(0x1320), "WS2_32.dll"), text(at(0x1342), "VirtualAlloc");
  // One export by name, forwarded.
  directory(0, 0x1400, 0x100);
  u32(at(0x1400) + 12, 0x1480), u32(at(0x1400) + 16, 1), u32(at(0x1400) + 20, 1), u32(at(0x1400) + 24, 1);
  u32(at(0x1400) + 28, 0x1440), u32(at(0x1400) + 32, 0x1444), u32(at(0x1400) + 36, 0x1448);
  u32(at(0x1440), 0x14a0), u32(at(0x1444), 0x1490);
  text(at(0x1480), "own.dll"), text(at(0x1490), "Run"), text(at(0x14a0), "OTHER.Go");
  directory(6, 0x1510, 28);
  u32(at(0x1510) + 12, 2), u32(at(0x1510) + 16, 40), u32(at(0x1510) + 24, at(0x1540));
  text(at(0x1540), "RSDS"), text(at(0x1540) + 24, "C:\\x\\own.pdb");
  text(0x800, "appended");
  return bytes;
}

Deno.test("parsePe() reads headers, imports, exports, debug path and overlay", () => {
  const pe = parsePe(build());
  assert.deepEqual(pe.errors, []);
  assert.deepEqual(pe.imports.map(({ library, name, ordinal }) => [library, name, ordinal]), [
    ["KERNEL32.dll", "VirtualAlloc", null],
    ["WS2_32.dll", "connect", 4],
  ]);
  assert.equal(pe.imphash, createHash("md5").update("kernel32.virtualalloc,ws2_32.connect").digest("hex"));
  assert.deepEqual(pe.exports, [{ name: "Run", ordinal: 1, rva: 0x14a0, forwarder: "OTHER.Go" }]);
  assert.equal(pe.debug!.pdb, "C:\\x\\own.pdb");
  assert.deepEqual([pe.overlay!.offset, pe.overlay!.size], [0x800, 0x10]);
  assert.deepEqual(pe.anomalies, ["section-writable-executable"]);
  const found = reportPe(pe).observations;
  const properties = found.flatMap((o) => o.type === "property" ? [`${o.field}=${o.value}`] : []);
  for (
    const wanted of [
      "pe.import=kernel32.dll!VirtualAlloc",
      "pe.machine=i386",
      "pe.timestamp=2020-09-13T12:26:40.000Z",
    ]
  ) {
    assert.ok(properties.includes(wanted), `${wanted} in ${properties.join(" ")}`);
  }
  assert.ok(found.some((o) => o.type === "tag" && o.value === "packer:upx"));
});

Deno.test("parsePe() gives what can be read of any damaged file, or says that it is none", () => {
  const whole = build();
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 40 });
  fc.assert(
    fc.property(damage, fc.nat(whole.length), (changes, length) => {
      const bytes = whole.slice(0, Math.max(length, 64));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      try {
        reportPe(parsePe(bytes));
      } catch (cause) {
        assert.ok(cause instanceof SyntaxError || cause instanceof RangeError, String(cause));
      }
    }),
    { numRuns: 3000 },
  );
});

Deno.test("parsePe() ends on a resource tree that points into itself", () => {
  const bytes = build();
  const view = new DataView(bytes.buffer);
  view.setUint32(0x98 + 96 + 16, 0x1580, true), view.setUint32(0x98 + 100 + 16, 0x40, true);
  const root = 0x1580 - 0x1000 + 0x200;
  view.setUint16(root + 14, 2, true);
  for (const entry of [root + 16, root + 24]) {
    view.setUint32(entry, 1, true), view.setUint32(entry + 4, 0x80000000, true);
  }
  assert.deepEqual(parsePe(bytes).resources, []);
});

const python = await new Deno.Command("python3", { args: ["-c", "import pefile"] }).output();
Deno.test({
  name: `parsePe() equals pefile on a program built here${
    python.success ? "" : " (pefile is not installed)"
  }`,
  ignore: !python.success,
  async fn() {
    const path = await Deno.makeTempFile();
    await Deno.writeFile(path, build());
    const script =
      "import pefile,sys; p=pefile.PE(sys.argv[1]); print(p.get_imphash(), p.get_overlay_data_start_offset())";
    const { stdout } = await new Deno.Command("python3", { args: ["-c", script, path] }).output();
    const pe = parsePe(build());
    assert.equal(new TextDecoder().decode(stdout).trim(), `${pe.imphash} ${pe.overlay!.offset}`);
    await Deno.remove(path);
  },
});

Deno.test("parsePe() digests no more than four times the file where its sections all hold the whole of it", () => {
  const bytes = new Uint8Array(0x2000);
  bytes.set(build());
  const view = new DataView(bytes.buffer);
  const table = 0x98 + 0xe0;
  view.setUint16(0x86, 90, true);
  for (let i = 0; i < 90; i++) {
    view.setUint32(table + 40 * i + 16, bytes.length, true), view.setUint32(table + 40 * i + 20, 0, true);
  }
  const pe = parsePe(bytes);
  assert.equal(pe.headers.sections.length, 90);
  assert.equal(pe.headers.sections.filter(({ sha256 }) => sha256 !== null).length, 4);
  assert.ok(reportPe(pe).limits!.some((limit) => limit.startsWith("digests:")));
});

Deno.test("readExports() gives every name of an ordinal", () => {
  const bytes = build();
  const view = new DataView(bytes.buffer);
  const at = (rva: number) => rva - 0x1000 + 0x200;
  view.setUint32(at(0x1400) + 24, 2, true), view.setUint32(at(0x1400) + 32, 0x14c0, true);
  view.setUint32(at(0x1400) + 36, 0x14d0, true);
  view.setUint32(at(0x14c0), 0x1490, true), view.setUint32(at(0x14c4), 0x1480, true);
  assert.deepEqual(parsePe(bytes).exports.map(({ name, ordinal }) => [name, ordinal]), [
    ["Run", 1],
    ["own.dll", 1],
  ]);
});

Deno.test("readDebug() reads the record of old linkers", () => {
  const bytes = build();
  const at = 0x1540 - 0x1000 + 0x200;
  bytes.fill(0, at, at + 40);
  bytes.set(new TextEncoder().encode("NB10"), at), bytes.set([3], at + 12);
  bytes.set(new TextEncoder().encode("c:\\old.pdb"), at + 16);
  assert.deepEqual(parsePe(bytes).debug, { pdb: "c:\\old.pdb", guid: null, age: 3 });
});

Deno.test("readClr() reads the runtime version and says null where metadata are missing", () => {
  const bytes = build();
  const view = new DataView(bytes.buffer);
  const at = (rva: number) => rva - 0x1000 + 0x200;
  assert.equal(parsePe(bytes).dotnet, null);
  view.setUint32(0x98 + 96 + 8 * 14, 0x1580, true);
  view.setUint16(at(0x1580) + 4, 2, true), view.setUint16(at(0x1580) + 6, 5, true);
  assert.deepEqual(parsePe(bytes).dotnet, { runtime: null, header: "2.5", flags: 0 });
  view.setUint32(at(0x1580) + 8, 0x15a0, true);
  bytes.set(new TextEncoder().encode("BSJB"), at(0x15a0)), bytes.set([12], at(0x15a0) + 12);
  bytes.set(new TextEncoder().encode("v4.0.30319"), at(0x15a0) + 16);
  assert.equal(parsePe(bytes).dotnet!.runtime, "v4.0.30319");
});

Deno.test("authentihash() stays the same when a program is signed, and changes with its content", () => {
  const bytes = build();
  const { authentihash } = parsePe(bytes);
  const signed = new Uint8Array(bytes.length + 16);
  signed.set(bytes), signed.fill(7, bytes.length);
  const view = new DataView(signed.buffer);
  view.setUint32(0x98 + 64, 0x1234, true);
  view.setUint32(0x98 + 96 + 32, bytes.length, true), view.setUint32(0x98 + 100 + 32, 16, true);
  assert.equal(parsePe(signed).authentihash, authentihash);
  signed[0x700]! ^= 1;
  assert.notEqual(parsePe(signed).authentihash, authentihash);
});

Deno.test("findTechniques() names injection by the set of imports, and nothing by a part of it", () => {
  const imports = (names: string[]) =>
    names.map((name) => ({ library: "kernel32.dll", name, ordinal: null, delayed: false }));
  const all = ["VirtualAllocEx", "WriteProcessMemory", "CreateRemoteThread"];
  assert.deepEqual(findTechniques(imports(all)).map(({ id }) => id), ["T1055"]);
  assert.deepEqual(findTechniques(imports(all.slice(1))), []);
});

Deno.test("reportPe() takes no packer from a section named as a property of every object", () => {
  const bytes = build();
  bytes.set(new TextEncoder().encode("toString"), 0x98 + 0xe0);
  const tags = reportPe(parsePe(bytes)).observations.filter(({ type }) => type === "tag");
  assert.deepEqual(tags, [{ type: "tag", value: "section-writable-executable" }]);
});

Deno.test("readResources() visits a bounded number of entries of a tree whose every entry is hostile", () => {
  const bytes = new Uint8Array(0x100000);
  bytes.set(build());
  const view = new DataView(bytes.buffer);
  view.setUint32(0x98 + 0xe0 + 8, bytes.length, true), view.setUint32(0x98 + 0xe0 + 16, bytes.length, true);
  view.setUint32(0x98 + 96 + 16, 0x1700, true), view.setUint32(0x98 + 100 + 16, 0x40, true);
  const root = 0x1700 - 0x1000 + 0x200;
  // Directories of 65,535 entries that all lead back to the root.
  view.setUint16(root + 14, 0xffff, true);
  for (let i = 0; i < 0xffff; i++) view.setUint32(root + 20 + 8 * i, 0x80000000, true);
  assert.deepEqual(parsePe(bytes).resources, []);
});
