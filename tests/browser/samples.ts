import { Uint8ArrayReader, Uint8ArrayWriter, ZipWriter } from "@zip.js/zip.js";

/** What every engine calls malicious and nobody is harmed by. */
export const EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

/**
 * A 32-bit program of two sections that imports VirtualAlloc and mentions an address; it can't run. Programs of different `words`
 * differ in their second section alone, so that they share imports and the first.
 */
export function makeProgram(words: string): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(0x800);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => bytes.set(new TextEncoder().encode(value), at);
  const u16 = (at: number, value: number) => view.setUint16(at, value, true);
  const u32 = (at: number, ...values: number[]) =>
    values.forEach((value, i) => view.setUint32(at + 4 * i, value, true));
  text(0, "MZ");
  u32(0x3c, 0x80);
  text(0x80, "PE\0\0");
  u16(0x84, 0x14c);
  u16(0x86, 2);
  u32(0x88, 1_600_000_000);
  u16(0x94, 0xe0);
  u16(0x96, 0x102);
  const optional = 0x98;
  u16(optional, 0x10b);
  u32(optional + 16, 0x1000);
  u32(optional + 28, 0x400000, 0x1000, 0x200);
  u32(optional + 56, 0x3000, 0x200);
  u16(optional + 68, 3);
  u32(optional + 92, 16);
  u32(optional + 96 + 8, 0x1100, 40); // the import directory
  const section = (at: number, name: string, rva: number, offset: number) => {
    text(at, name);
    u32(at + 8, 0x200, rva, 0x200, offset);
    u32(at + 36, 0xe0000020);
  };
  section(optional + 0xe0, "UPX0", 0x1000, 0x200);
  section(optional + 0xe0 + 40, ".data", 0x2000, 0x400);
  // KERNEL32.dll!VirtualAlloc: descriptor, lookup table, hint and name.
  u32(0x300, 0x1140, 0, 0, 0x1180, 0x1140);
  u32(0x340, 0x1160);
  text(0x362, "VirtualAlloc");
  text(0x380, "KERNEL32.dll");
  text(0x400, `http://malware.evil-site.com/gate.php\0${words}\0`);
  return bytes;
}

/** A zip of these files, without compression. */
export async function makeZip(
  files: readonly (readonly [string, Uint8Array])[],
): Promise<Uint8Array<ArrayBuffer>> {
  const writer = new ZipWriter(new Uint8ArrayWriter(), { level: 0, useWebWorkers: false });
  for (const [name, bytes] of files) await writer.add(name, new Uint8ArrayReader(bytes));
  return await writer.close() as Uint8Array<ArrayBuffer>;
}
