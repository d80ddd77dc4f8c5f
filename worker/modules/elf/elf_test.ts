import assert from "node:assert/strict";
import fc from "fast-check";
import { parseElf } from "./parse.ts";
import { reportElf } from "./report.ts";

/** A 64-bit little-endian shared object of one segment, a dynamic table, two symbols and section names, built by hand. */
function build(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(0x600);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => bytes.set(new TextEncoder().encode(value), at);
  const word = (at: number, value: number) => view.setBigUint64(at, BigInt(value), true);
  const half = (at: number, value: number) => view.setUint32(at, value, true);
  text(0, "\x7fELF\x02\x01\x01");
  view.setUint16(16, 3, true), view.setUint16(18, 62, true), half(20, 1);
  word(24, 0x200), word(32, 64), word(40, 0x400);
  view.setUint16(52, 64, true), view.setUint16(54, 56, true), view.setUint16(56, 2, true);
  view.setUint16(58, 64, true), view.setUint16(60, 6, true), view.setUint16(62, 5, true);
  // LOAD of everything, readable and executable; DYNAMIC.
  half(64, 1), half(68, 5), word(72, 0), word(80, 0), word(96, 0x600), word(104, 0x600);
  half(120, 2), half(124, 6), word(128, 0x180), word(136, 0x180), word(152, 0x60), word(160, 0x60);
  text(0x100, "\0libc.so.6\0ptrace\0PyInit_x\0libx.so\0");
  const dynamic = [[1, 1], [5, 0x100], [14, 27], [30, 8], [0, 0]] as const;
  dynamic.forEach(([tag, value], i) => (word(0x180 + 16 * i, tag), word(0x188 + 16 * i, value)));
  // Symbols: none, ptrace (undefined), PyInit_x (defined, global).
  half(0x200 + 24, 11), (bytes[0x200 + 28] = 0x12), view.setUint16(0x200 + 30, 0, true);
  half(0x200 + 48, 18), (bytes[0x200 + 52] = 0x12), view.setUint16(0x200 + 54, 1, true);
  half(0x300, 4),
    half(0x304, 8),
    half(0x308, 3),
    text(0x30c, "GNU\0"),
    bytes.set([1, 2, 3, 4, 5, 6, 7, 8], 0x310);
  text(0x340, "\0.dynstr\0.dynsym\0.note\0.dynamic\0.shstrtab\0");
  const section = (i: number, name: number, type: number, at: number, size: number, link = 0, entry = 0) => {
    const place = 0x400 + 64 * i;
    half(place, name),
      half(place + 4, type),
      word(place + 24, at),
      word(place + 32, size),
      half(place + 40, link);
    word(place + 56, entry);
  };
  section(1, 1, 3, 0x100, 0x30);
  section(2, 9, 11, 0x200, 72, 1, 24);
  section(3, 17, 7, 0x300, 24);
  section(4, 23, 6, 0x180, 0x60, 1, 16);
  section(5, 32, 3, 0x340, 0x40);
  return bytes;
}

Deno.test("parseElf() reads header, sections, dynamic table, symbols and build id", () => {
  const elf = parseElf(build());
  assert.deepEqual(elf.errors, []);
  assert.deepEqual(elf.sections.map(({ name }) => name), [
    "",
    ".dynstr",
    ".dynsym",
    ".note",
    ".dynamic",
    ".shstrtab",
  ]);
  assert.deepEqual(elf.dynamic!.needed, ["libc.so.6"]);
  assert.equal(elf.dynamic!.soname, "libx.so");
  assert.equal(elf.dynamic!.bindNow, true);
  assert.deepEqual(elf.symbols, { imports: ["ptrace"], exports: ["PyInit_x"], count: 3, cut: false });
  assert.equal(elf.buildId, "0102030405060708");
  assert.equal(elf.stripped, true);
  const properties = reportElf(elf).observations.flatMap((o) =>
    o.type === "property" ? [`${o.field}=${o.value}`] : []
  );
  for (const wanted of ["elf.machine=x86_64", "elf.type=dyn", "elf.needed=libc.so.6", "elf.import=ptrace"]) {
    assert.ok(properties.includes(wanted), wanted);
  }
});

Deno.test("parseElf() counts symbols by the GNU hash table where sections are stripped", () => {
  const bytes = build();
  const view = new DataView(bytes.buffer);
  view.setUint16(60, 0, true), view.setBigUint64(40, 0n, true);
  [[1, 1n], [5, 0x100n], [6, 0x200n], [0x6ffffef5, 0x300n], [0, 0n]].forEach(([tag, value], i) => {
    view.setBigUint64(0x180 + 16 * i, BigInt(tag!), true),
      view.setBigUint64(0x188 + 16 * i, BigInt(value!), true);
  });
  // One bucket that starts at symbol 2, the first hashed one, no bloom filter, a chain of one.
  [1, 2, 0, 0, 2, 0x1235].forEach((value, i) => view.setUint32(0x300 + 4 * i, value, true));
  assert.deepEqual(parseElf(bytes).symbols, {
    imports: ["ptrace"],
    exports: ["PyInit_x"],
    count: 3,
    cut: false,
  });
});

Deno.test("parseElf() counts no more symbols than the file has room for", () => {
  const bytes = build();
  const view = new DataView(bytes.buffer);
  view.setUint16(60, 0, true), view.setBigUint64(40, 0n, true);
  [[5, 0x100n], [6, 0x200n], [4, 0x300n], [0, 0n]].forEach(([tag, value], i) => {
    view.setBigUint64(0x180 + 16 * i, BigInt(tag!), true),
      view.setBigUint64(0x188 + 16 * i, BigInt(value!), true);
  });
  view.setUint32(0x304, 0xffffffff, true);
  assert.equal(parseElf(bytes).symbols.count, Math.floor((bytes.length - 0x200) / 24));
});

Deno.test("readSections() digests no more than four times the file where sections all hold the whole of it", () => {
  const bytes = build();
  const view = new DataView(bytes.buffer);
  for (let i = 1; i < 6; i++) {
    view.setUint32(0x404 + 64 * i, 1, true), view.setBigUint64(0x418 + 64 * i, 0n, true);
    view.setBigUint64(0x420 + 64 * i, BigInt(bytes.length), true);
  }
  const elf = parseElf(bytes);
  assert.deepEqual(elf.sections.map(({ sha256 }) => sha256 !== null), [false, true, true, true, true, false]);
  assert.ok(reportElf(elf).limits!.some((limit) => limit.startsWith("digests:")));
});

Deno.test("parseElf() reads a real program: this one", async () => {
  const elf = parseElf(await Deno.readFile(Deno.execPath()));
  assert.deepEqual(elf.errors, []);
  assert.ok(elf.dynamic!.needed.some((name) => name.startsWith("libc.so")));
  assert.ok(elf.sections.some(({ name, entropy }) => name === ".text" && entropy! > 4));
});

Deno.test("parseElf() gives what can be read of any damaged file, or says that it is none", () => {
  const whole = build();
  const damage = fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 40 });
  fc.assert(
    fc.property(damage, fc.nat(whole.length), (changes, length) => {
      const bytes = whole.slice(0, Math.max(length, 4));
      for (const [at, value] of changes) if (at < bytes.length && at > 3) bytes[at] = value;
      try {
        reportElf(parseElf(bytes));
      } catch (cause) {
        assert.ok(cause instanceof SyntaxError || cause instanceof RangeError, String(cause));
      }
    }),
    { numRuns: 3000 },
  );
});
