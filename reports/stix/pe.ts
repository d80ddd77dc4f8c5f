import { z } from "zod";
import type { ReportModel } from "../model/model.ts";
import { shown } from "../model/shown.ts";

/**
 * What the module `pe` keeps as raw data, as far as the extension takes it. The list of properties is frozen: they are part of the file's
 * id, and one more would make a new file of every program that is out.
 */
const RawPe = z.object({
  machine: z.string(),
  subsystem: z.string(),
  pe32plus: z.boolean(),
  timestamp: z.int().nonnegative(),
  characteristics: z.int().nonnegative(),
  dllCharacteristics: z.int().nonnegative(),
  entryPoint: z.int().nonnegative(),
  sizeOfImage: z.int().nonnegative(),
  checksum: z.int().nonnegative(),
  library: z.boolean(),
});

/** Machine types of the COFF header by the names that the module gives (Microsoft, "PE Format"). */
const MACHINES: Readonly<Record<string, number>> = {
  i386: 0x14c,
  arm: 0x1c0,
  armnt: 0x1c4,
  ia64: 0x200,
  riscv32: 0x5032,
  riscv64: 0x5064,
  amd64: 0x8664,
  arm64: 0xaa64,
  ebc: 0xebc,
};

/** Columns of the module's table of sections. */
const SECTION_COLUMNS = ["Name", "Raw size", "Entropy", "MD5"] as const;

/** The extension `windows-pebinary-ext`; null for a file that the module `pe` didn't read. */
export function peExtension(model: ReportModel): Record<string, unknown> | null {
  const run = model.report.modules.find(({ module, status }) => module === "pe" && status === "ok");
  const raw = RawPe.safeParse(run?.status === "ok" ? run.raw : null);
  if (!raw.success) return null;
  const pe = raw.data;
  const machine = MACHINES[pe.machine] ?? (Number(pe.machine) || 0);
  const imphash = model.properties.find(({ field }) => field === "pe.imphash")?.values[0];
  const sections = sectionsOf(model);
  return {
    pe_type: pe.library ? "dll" : pe.subsystem === "native" ? "sys" : "exe",
    ...(typeof imphash === "string" && { imphash }),
    machine_hex: hex(machine, 4),
    ...(sections.length > 0 && { number_of_sections: sections.length }),
    time_date_stamp: new Date(Math.min(pe.timestamp, 0xffffffff) * 1000).toISOString().replace(".000Z", "Z"),
    characteristics_hex: hex(pe.characteristics, 4),
    optional_header: {
      magic_hex: pe.pe32plus ? "020b" : "010b",
      address_of_entry_point: pe.entryPoint,
      size_of_image: pe.sizeOfImage,
      checksum_hex: hex(pe.checksum, 8),
      dll_characteristics_hex: hex(pe.dllCharacteristics, 4),
    },
    ...(sections.length > 0 && { sections }),
  };
}

function sectionsOf({ tables }: ReportModel): Record<string, unknown>[] {
  const table = tables.find(({ module, title }) => module === "pe" && title === "Sections");
  if (table === undefined) return [];
  const [name, size, entropy, md5] = SECTION_COLUMNS.map((column) => table.columns.indexOf(column));
  return table.rows.map((row) => ({
    name: shown(String(row[name!] ?? "")),
    ...(Number.isSafeInteger(row[size!]) && { size: row[size!] }),
    ...(typeof row[entropy!] === "number" && { entropy: row[entropy!] }),
    ...(/^[0-9a-f]{32}$/.test(String(row[md5!])) && { hashes: { MD5: row[md5!] } }),
  }));
}

function hex(value: number, digits: number): string {
  const text = value.toString(16).padStart(digits, "0");
  return text.length % 2 === 0 ? text : `0${text}`;
}
