import type { Observation } from "@assay/core";
import type { Findings, Json } from "../../module/define.ts";
import { MOST_EXPORTS } from "./exports.ts";
import { directoryNames } from "./headers.ts";
import { type Import, MOST_IMPORTS } from "./imports.ts";
import { machines, nameOf, packers, subsystems } from "./names.ts";
import type { Pe } from "./parse.ts";
import { MOST_RESOURCES } from "./resources.ts";
import { findTechniques } from "./techniques.ts";

/** Rows of a display table and values of a search field at most. */
const MOST_ROWS = 2000;
const MOST_VALUES = 2000;

type Cell = string | number | boolean | null;

/** A PE file as observations: fields to search by, tables to read, and everything as raw data. */
export function reportPe(pe: Pe): Findings {
  const limits = findLimits(pe);
  const capped = <T>(values: readonly T[], most: number, what: string): readonly T[] => {
    if (values.length > most) limits.push(`${what}: ${most} of ${values.length} kept`);
    return values.slice(0, most);
  };
  const property = (field: string, values: readonly Cell[]): Observation[] =>
    capped([...new Set(values.filter((value) => value !== null && value !== ""))], MOST_VALUES, field)
      .map((value) => ({ type: "property", field, value: value as string }));
  const section = (title: string, columns: string[], rows: Cell[][]): Observation[] =>
    rows.length === 0
      ? []
      : [{ type: "section", title, columns, rows: [...capped(rows, MOST_ROWS, title)], total: rows.length }];

  const { headers, version } = pe;
  const tags = new Set(
    headers.sections.flatMap(({ name }) => packers.has(name) ? [`packer:${packers.get(name)}`] : []),
  );
  for (const anomaly of pe.anomalies) tags.add(anomaly);
  if (pe.dotnet !== null) tags.add("dotnet");
  if (pe.tlsCallbacks.length > 0) tags.add("tls-callbacks");
  return {
    observations: [
      ...property("pe.machine", [nameOf(machines, headers.machine)]),
      ...property("pe.subsystem", [nameOf(subsystems, headers.subsystem)]),
      ...property("pe.timestamp", [new Date(headers.timestamp * 1000).toISOString()]),
      ...property("pe.imphash", [pe.imphash]),
      ...property("pe.richHash", [pe.rich?.hash ?? null]),
      ...property("pe.signed", [pe.signed]),
      ...property("pe.overlay", [pe.overlay ? pe.overlay.size - pe.overlay.signature : 0]),
      ...property("pe.pdb", [pe.debug?.pdb ?? null]),
      ...property("pe.company", [version["CompanyName"] ?? null]),
      ...property("pe.product", [version["ProductName"] ?? null]),
      ...property("pe.originalName", [version["OriginalFilename"] ?? null]),
      ...property("pe.section.name", headers.sections.map(({ name }) => name)),
      ...property("pe.section.entropy", headers.sections.map((s) => s.entropy)),
      ...property("pe.section.sha256", headers.sections.filter((s) => s.rawSize > 0).map((s) => s.sha256)),
      ...property("pe.resource.type", pe.resources.map(({ type }) => type)),
      ...property("pe.import", pe.imports.map(nameImport)),
      ...property("pe.export", pe.exports.map(({ name }) => name)),
      ...findTechniques(pe.imports).map((found): Observation => ({ type: "technique", ...found })),
      ...[...tags].map((value): Observation => ({ type: "tag", value })),
      ...section(
        "Sections",
        ["Name", "Address", "Virtual size", "Raw size", "Access", "Entropy", "MD5", "SHA-256"],
        headers.sections.map((s) => [
          s.name,
          hex(s.virtualAddress),
          s.virtualSize,
          s.rawSize,
          access(s.characteristics),
          s.entropy,
          s.md5,
          s.rawSize > 0 ? s.sha256 : null,
        ]),
      ),
      ...section("Imports", ["Library", "Functions"], groupImports(pe.imports)),
      ...section(
        "Exports",
        ["Ordinal", "Name", "Forwarded to"],
        pe.exports.map((e) => [e.ordinal, e.name, e.forwarder]),
      ),
      ...section(
        "Resources",
        ["Type", "Name", "Language", "Size", "Entropy", "SHA-256"],
        pe.resources.map((r) => [
          r.type,
          r.name,
          r.language,
          r.size,
          r.entropy,
          r.sha256,
        ]),
      ),
      ...section("Version information", ["Name", "Value"], Object.entries(version)),
    ],
    raw: rawOf(pe),
    ...(limits.length > 0 && { limits }),
  };
}

/** What reading left out. */
function findLimits({ headers, imports, exports, resources }: Pe): string[] {
  const limits: string[] = [];
  if (headers.sectionCount > headers.sections.length) {
    limits.push(`sections: ${headers.sections.length} of ${headers.sectionCount} read`);
  }
  if (imports.length === MOST_IMPORTS) limits.push(`imports: the first ${MOST_IMPORTS} read`);
  if (exports.length >= MOST_EXPORTS) limits.push(`exports: the first ${MOST_EXPORTS} read`);
  if (resources.length === MOST_RESOURCES) limits.push(`resources: the first ${MOST_RESOURCES} read`);
  if (headers.sections.some(({ md5 }) => md5 === null) || resources.some(({ entropy }) => entropy === null)) {
    limits.push("digests: sections and resources that overlap are not digested past four times the file");
  }
  return limits;
}

/** Everything that the tables don't show; imports and exports stand in them and in the fields. */
function rawOf(pe: Pe): Json {
  const { headers } = pe;
  return {
    machine: nameOf(machines, headers.machine),
    subsystem: nameOf(subsystems, headers.subsystem),
    pe32plus: headers.plus,
    timestamp: headers.timestamp,
    characteristics: headers.characteristics,
    dllCharacteristics: headers.dllCharacteristics,
    linker: headers.linker,
    entryPoint: headers.entryPoint,
    imageBase: headers.imageBase,
    sizeOfImage: headers.sizeOfImage,
    checksum: headers.checksum,
    directories: headers.directories.flatMap(({ rva, size }, i) =>
      rva === 0 ? [] : [{ name: directoryNames[i]!, rva, size }]
    ),
    importCount: pe.imports.length,
    exportCount: pe.exports.length,
    library: pe.library,
    rich: pe.rich as unknown as Json,
    debug: pe.debug as unknown as Json,
    overlay: pe.overlay as unknown as Json,
    signed: pe.signed,
    authentihash: pe.authentihash,
    dotnet: pe.dotnet as unknown as Json,
    tlsCallbacks: pe.tlsCallbacks.map(hex),
    anomalies: [...pe.anomalies],
    errors: [...pe.errors],
  };
}

function nameImport({ library, name, ordinal }: Import): string {
  return `${library.toLowerCase()}!${name ?? `#${ordinal}`}`;
}

function groupImports(imports: readonly Import[]): Cell[][] {
  const groups = new Map<string, string[]>();
  for (const one of imports) {
    const title = one.delayed ? `${one.library} (delayed)` : one.library;
    const names = groups.get(title) ?? [];
    names.push(one.name ?? `#${one.ordinal}`);
    groups.set(title, names);
  }
  return [...groups].map(([library, names]) => [library, names.join(", ").slice(0, 4000)]);
}

function access(characteristics: number): string {
  return [[0x40000000, "r"], [0x80000000, "w"], [0x20000000, "x"]]
    .map(([bit, letter]) => (characteristics & Number(bit)) !== 0 ? letter : "-").join("");
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
