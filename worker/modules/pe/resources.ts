import { createHash } from "node:crypto";
import { entropy } from "../entropy/entropy.ts";
import { type Headers, offsetOf } from "./headers.ts";
import type { Reader } from "./reader.ts";

/** A resource of the program. */
export interface Resource {
  /** e.g. `icon`, `version`; the number or name where it is none of the usual. */
  readonly type: string;
  readonly name: string;
  readonly language: number;
  readonly rva: number;
  readonly size: number;
  /** Null where the file ends before the data, or resources overlap so much that digesting all would take too long. */
  readonly sha256: string | null;
  readonly entropy: number | null;
}

/** Resources read at most; entries visited at most, since a hostile tree may point into itself. */
export const MOST_RESOURCES = 1000;
const MOST_ENTRIES = 8000;

const TYPES: Readonly<Record<number, string>> = {
  1: "cursor",
  2: "bitmap",
  3: "icon",
  4: "menu",
  5: "dialog",
  6: "string",
  7: "fontdir",
  8: "font",
  9: "accelerator",
  10: "rcdata",
  11: "messagetable",
  12: "group_cursor",
  14: "group_icon",
  16: "version",
  17: "dlginclude",
  19: "plugplay",
  20: "vxd",
  21: "anicursor",
  22: "aniicon",
  23: "html",
  24: "manifest",
};

/** The resource tree, flattened in its order. */
export function readResources(reader: Reader, headers: Headers): Resource[] {
  const directory = headers.directories[2];
  const root = directory && directory.rva !== 0 ? offsetOf(headers, directory.rva, reader.length) : null;
  const resources: Resource[] = [];
  if (root === null) return resources;
  let visited = 0;

  const walk = (offset: number, path: readonly (number | string)[]): void => {
    const at = root + offset;
    if (at + 16 > reader.length) return;
    const count = reader.u16(at + 12) + reader.u16(at + 14);
    for (let i = 0; i < count && resources.length < MOST_RESOURCES; i++) {
      const entry = at + 16 + 8 * i;
      if (++visited > MOST_ENTRIES || entry + 8 > reader.length) return;
      const [id, target] = [reader.u32(entry), reader.u32(entry + 4)];
      const step = id >>> 31 === 1 ? nameAt(reader, root + (id & 0x7fffffff)) : id;
      if (target >>> 31 === 1) {
        if (path.length < 3) walk(target & 0x7fffffff, [...path, step]);
      } else add(root + target, [...path, step]);
    }
  };

  const add = (at: number, path: readonly (number | string)[]): void => {
    if (at + 16 > reader.length) return;
    const [rva, size] = [reader.u32(at), reader.u32(at + 4)];
    const offset = offsetOf(headers, rva, reader.length);
    const data = offset === null ? new Uint8Array() : reader.slice(offset, size);
    const known = reader.afford(data.length);
    const [type = 0, name = "", language = 0] = path;
    resources.push({
      type: typeof type === "number" ? TYPES[type] ?? String(type) : type,
      name: String(name),
      language: typeof language === "number" ? language : 0,
      rva,
      size,
      sha256: known && data.length === size ? createHash("sha256").update(data).digest("hex") : null,
      entropy: known ? Math.round(entropy(data) * 1e6) / 1e6 : null,
    });
  };

  walk(0, []);
  return resources;
}

function nameAt(reader: Reader, at: number): string {
  if (at + 2 > reader.length) return "";
  return reader.wide(at + 2, Math.min(reader.u16(at), 256));
}
