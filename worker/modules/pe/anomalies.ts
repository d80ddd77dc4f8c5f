import { type Headers, offsetOf } from "./headers.ts";
import type { Rich } from "./rich.ts";

const WRITE = 0x80000000;
const EXECUTE = 0x20000000;

/** What a compiler would not have made, as stable codes. */
export function findAnomalies(headers: Headers, rich: Rich | null, length: number): string[] {
  const { sections, entryPoint } = headers;
  const found: string[] = [];
  const holds = (rva: number) =>
    sections.find((s) =>
      rva >= s.virtualAddress && rva < s.virtualAddress + Math.max(s.virtualSize, s.rawSize)
    );
  if (sections.length === 0) found.push("no-sections");
  if (entryPoint !== 0 && sections.length > 0) {
    const section = holds(entryPoint);
    if (!section) found.push("entry-point-outside-sections");
    else if ((section.characteristics & EXECUTE) === 0) found.push("entry-point-not-executable");
    else if (sections.length > 1 && section === sections.at(-1)) found.push("entry-point-in-last-section");
    if (section && offsetOf(headers, entryPoint, length) === null) found.push("entry-point-beyond-file");
  }
  if (sections.some((s) => (s.characteristics & WRITE) !== 0 && (s.characteristics & EXECUTE) !== 0)) {
    found.push("section-writable-executable");
  }
  if (sections.some((s) => s.rawSize > 0 && s.rawOffset + s.rawSize > length)) {
    found.push("section-beyond-file");
  }
  if (sections.some((s, i) => sections.slice(i + 1).some((t) => overlaps(s, t)))) {
    found.push("sections-overlap");
  }
  if (sections.some((s) => s.rawSize === 0 && s.virtualSize > 0 && (s.characteristics & EXECUTE) !== 0)) {
    found.push("section-empty-executable");
  }
  if (sections.some((s) => /[^\x20-\x7e]/.test(s.name))) found.push("section-name-unprintable");
  const { sectionAlignment: alignment } = headers;
  const end = sections.reduce((most, s) => Math.max(most, s.virtualAddress + s.virtualSize), 0);
  if (
    sections.length > 0 && alignment > 0 && Math.ceil(end / alignment) * alignment !== headers.sizeOfImage
  ) {
    found.push("size-of-image-mismatch");
  }
  if (rich && !rich.valid) found.push("rich-header-edited");
  return found;
}

function overlaps(a: Headers["sections"][number], b: Headers["sections"][number]): boolean {
  if (a.rawSize === 0 || b.rawSize === 0) return false;
  return a.rawOffset < b.rawOffset + b.rawSize && b.rawOffset < a.rawOffset + a.rawSize;
}
