import type { Observation } from "@assay/core";
import type { Findings } from "../../module/define.ts";
import { MOST_SECTIONS, MOST_SEGMENTS } from "./headers.ts";
import { machines, nameOf, sectionTypes, types } from "./names.ts";
import type { Elf } from "./parse.ts";
import { MOST_SYMBOLS } from "./symbols.ts";

/** Rows of a display table and values of a search field at most. */
const MOST_ROWS = 2000;
const MOST_VALUES = 2000;

type Cell = string | number | boolean | null;

/** An ELF file as observations: fields to search by, tables to read, and everything as raw data. */
export function reportElf(elf: Elf): Findings {
  const limits = findLimits(elf);
  const capped = <T>(values: readonly T[], most: number, what: string): readonly T[] => {
    if (values.length > most) limits.push(`${what}: ${most} of ${values.length} kept`);
    return values.slice(0, most);
  };
  const property = (field: string, values: readonly (string | null)[]): Observation[] =>
    capped([...new Set(values.filter((value) => value !== null && value !== ""))], MOST_VALUES, field)
      .map((value) => ({ type: "property", field, value: value! }));
  const section = (title: string, columns: string[], rows: Cell[][]): Observation[] =>
    rows.length === 0
      ? []
      : [{ type: "section", title, columns, rows: [...capped(rows, MOST_ROWS, title)], total: rows.length }];

  const { header, dynamic, symbols, sections } = elf;
  const [machine, type] = [nameOf(machines, header.machine), nameOf(types, header.type)];
  const tags = [...elf.anomalies, ...(sections.some(({ name }) => /^UPX/i.test(name)) ? ["packer:upx"] : [])];
  return {
    observations: [
      ...property("elf.machine", [machine]),
      ...property("elf.type", [type]),
      ...property("elf.buildId", [elf.buildId]),
      ...property("elf.needed", dynamic?.needed ?? []),
      ...property("elf.section.name", sections.map(({ name }) => name)),
      ...property("elf.section.sha256", sections.map(({ size, sha256 }) => size > 0 ? sha256 : null)),
      ...property("elf.import", symbols.imports),
      ...property("elf.export", symbols.exports),
      ...tags.map((value): Observation => ({ type: "tag", value })),
      ...section(
        "Sections",
        ["Name", "Type", "Address", "Size", "Entropy", "SHA-256"],
        sections.map((s) => [
          s.name,
          nameOf(sectionTypes, s.type),
          `0x${s.address.toString(16)}`,
          s.size,
          s.entropy,
          s.sha256,
        ]),
      ),
      ...section("Needed libraries", ["Library"], (dynamic?.needed ?? []).map((name) => [name])),
      ...section("Imported symbols", ["Symbol"], symbols.imports.map((name) => [name])),
      ...section("Exported symbols", ["Symbol"], symbols.exports.map((name) => [name])),
    ],
    raw: {
      machine,
      type,
      bits: header.bits,
      byteOrder: header.little ? "little" : "big",
      entry: header.entry,
      osAbi: header.osAbi,
      flags: header.flags,
      interpreter: elf.interpreter,
      soname: dynamic?.soname ?? null,
      rpath: dynamic?.rpath ?? null,
      runpath: dynamic?.runpath ?? null,
      buildId: elf.buildId,
      comments: [...elf.comments],
      stripped: elf.stripped,
      hardening: elf.hardening,
      segments: elf.segments.length,
      symbols: symbols.count,
      overlay: elf.overlay,
      anomalies: [...elf.anomalies],
      errors: [...elf.errors],
    },
    ...(limits.length > 0 && { limits }),
  };
}

/** What reading left out. */
function findLimits({ sections, segments, symbols }: Elf): string[] {
  const limits: string[] = [];
  if (segments.length === MOST_SEGMENTS) limits.push(`segments: the first ${MOST_SEGMENTS} read`);
  if (sections.length === MOST_SECTIONS) limits.push(`sections: the first ${MOST_SECTIONS} read`);
  if (symbols.cut) limits.push(`dynamic symbols: the first ${MOST_SYMBOLS} read`);
  if (sections.some(({ type, size, sha256 }) => type > 0 && type !== NOBITS && size > 0 && sha256 === null)) {
    limits.push("digests: sections that overlap past four times the file or lie beyond it have none");
  }
  return limits;
}

const NOBITS = 8;
