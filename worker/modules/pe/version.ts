import { type Headers, offsetOf } from "./headers.ts";
import type { Reader } from "./reader.ts";
import type { Resource } from "./resources.ts";

const MOST_STRINGS = 100;
const MOST_SIZE = 64 * 1024;

/** Strings of the version resource, e.g. `CompanyName`; the first of a name counts. */
export function readVersion(
  reader: Reader,
  headers: Headers,
  resources: readonly Resource[],
): Record<string, string> {
  const resource = resources.find(({ type }) => type === "version");
  const start = resource ? offsetOf(headers, resource.rva, reader.length) : null;
  // A map, since a hostile name may be that of a property which every object has.
  const strings = new Map<string, string>();
  if (!resource || start === null) return {};
  const end = Math.min(start + Math.min(resource.size, MOST_SIZE), reader.length);
  let left = MOST_STRINGS;

  /** A block is length, value length, type, a name, padding, a value, then blocks inside it. */
  const walk = (at: number, limit: number, depth: number): void => {
    while (at + 6 <= limit && left > 0) {
      const length = reader.u16(at);
      if (length < 6) return;
      const stop = Math.min(at + length, limit);
      const [valueLength, type] = [reader.u16(at + 2), reader.u16(at + 4)];
      const name = wideText(reader, at + 6, stop);
      const value = align(at + 6 + 2 * (name.length + 1), start);
      if (depth === 3) {
        left--;
        if (type === 1 && !strings.has(name)) {
          strings.set(name, wideText(reader, value, Math.min(stop, value + 2 * valueLength + 2)));
        }
      } else if (depth === 0 || depth === 2 || name === "StringFileInfo") {
        walk(depth === 0 ? align(value + valueLength, start) : value, stop, depth + 1);
      }
      at = align(at + length, start);
    }
  };
  walk(start, end, 0);
  return Object.fromEntries(strings);
}

function align(at: number, start: number): number {
  return start + ((at - start + 3) & ~3);
}

function wideText(reader: Reader, at: number, end: number): string {
  let length = 0;
  while (
    at + 2 * length + 2 <= Math.min(end, reader.length) && reader.u16(at + 2 * length) !== 0 && length < 1024
  ) length++;
  return reader.wide(at, length);
}
