import { type Headers, offsetOf } from "./headers.ts";
import type { Reader } from "./reader.ts";

/** A function that the library exports. */
export interface Export {
  readonly name: string | null;
  readonly ordinal: number;
  readonly rva: number;
  /** `library.function` that it stands for. */
  readonly forwarder: string | null;
}

/** Exports read at most. */
export const MOST_EXPORTS = 10_000;

/** The export table: the library's own name and what it exports, by ordinal. */
export function readExports(reader: Reader, headers: Headers): { library: string | null; exports: Export[] } {
  const directory = headers.directories[0];
  const at = directory && directory.rva !== 0 ? offsetOf(headers, directory.rva, reader.length) : null;
  if (!directory || at === null || at + 40 > reader.length) return { library: null, exports: [] };
  const at32 = (rva: number) => offsetOf(headers, rva, reader.length);
  const base = reader.u32(at + 16);
  const [functionCount, nameCount] = [reader.u32(at + 20), reader.u32(at + 24)].map((n) =>
    Math.min(n, MOST_EXPORTS)
  ) as [
    number,
    number,
  ];
  const [functions, names, ordinals] = [
    at32(reader.u32(at + 28)),
    at32(reader.u32(at + 32)),
    at32(reader.u32(at + 36)),
  ];
  const nameAt = at32(reader.u32(at + 12));
  const library = nameAt === null ? null : reader.text(nameAt, 256);
  if (functions === null) return { library, exports: [] };

  // An ordinal may have several names.
  const named = new Map<number, string[]>();
  if (names !== null && ordinals !== null) {
    for (
      let i = 0;
      i < nameCount && names + 4 * i + 4 <= reader.length && ordinals + 2 * i + 2 <= reader.length;
      i++
    ) {
      const name = at32(reader.u32(names + 4 * i));
      if (name === null) continue;
      const ordinal = reader.u16(ordinals + 2 * i);
      const aliases = named.get(ordinal);
      if (aliases) aliases.push(reader.text(name, 512));
      else named.set(ordinal, [reader.text(name, 512)]);
    }
  }
  const exports: Export[] = [];
  for (let i = 0; i < functionCount && functions + 4 * i + 4 <= reader.length; i++) {
    const rva = reader.u32(functions + 4 * i);
    if (rva === 0) continue;
    const forwarded = rva >= directory.rva && rva < directory.rva + directory.size;
    const place = forwarded ? at32(rva) : null;
    const forwarder = place === null ? null : reader.text(place, 512);
    for (const name of named.get(i) ?? [null]) exports.push({ name, ordinal: base + i, rva, forwarder });
  }
  return { library, exports };
}
