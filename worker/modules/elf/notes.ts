import type { Section, Segment } from "./headers.ts";
import type { Reader } from "./reader.ts";

const NOTE_SEGMENT = 4;
const NOTE_SECTION = 7;
const BUILD_ID = 3;
const MOST_NOTES = 64;

/** The GNU build id in hexadecimal; null where there is none. */
export function readBuildId(
  reader: Reader,
  segments: readonly Segment[],
  sections: readonly Section[],
): string | null {
  const places = [
    ...sections.filter(({ type }) => type === NOTE_SECTION).map(({ offset, size }) => ({ offset, size })),
    ...segments.filter(({ type }) => type === NOTE_SEGMENT).map(({ offset, fileSize }) => ({
      offset,
      size: fileSize,
    })),
  ];
  for (const { offset, size } of places) {
    let at = offset;
    for (let i = 0; i < MOST_NOTES && at + 12 <= Math.min(offset + size, reader.length); i++) {
      const [nameSize, length, type] = [reader.u32(at), reader.u32(at + 4), reader.u32(at + 8)];
      const data = at + 12 + align(nameSize);
      if (type === BUILD_ID && reader.text(at + 12) === "GNU" && length > 0 && length <= 64) {
        return reader.slice(data, length).toHex();
      }
      at = data + align(length);
    }
  }
  return null;
}

function align(length: number): number {
  return Math.ceil(length / 4) * 4;
}
