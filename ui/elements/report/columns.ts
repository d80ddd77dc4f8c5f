import type { Observation } from "@assay/core";
import { showText } from "../../text.ts";
import type { FoundValue } from "./tables.ts";

type Section = Extract<Observation, { type: "section" }>;
type Row = Section["rows"][number];

/** Columns of the modules' own tables whose cells a query can ask for: by title, by column, the field for PE and for ELF. */
const columns: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Exports: { Name: "pe.export" },
  Resources: { Type: "pe.resource.type" },
  "Needed libraries": { Library: "elf.needed" },
  "Imported symbols": { Symbol: "elf.import" },
  "Exported symbols": { Symbol: "elf.export" },
};
const sectionColumns: Readonly<Record<string, string>> = { Name: "name", "SHA-256": "sha256" };
const versionFields: Readonly<Record<string, string>> = {
  CompanyName: "pe.company",
  ProductName: "pe.product",
  OriginalFilename: "pe.originalName",
};
/** As long as the functions of a library are told in a row; what is cut there is no whole name. */
const CUT = 4000;

/** The field that finds a cell of a module's table; null where there is none. */
export function fieldOf({ title, columns: names }: Section, row: Row, at: number): string | null {
  const column = names[at] ?? "";
  if (title === "Sections") {
    const part = sectionColumns[column];
    // Only a PE has a virtual size beside the size in the file.
    return part === undefined ? null : `${names.includes("Virtual size") ? "pe" : "elf"}.section.${part}`;
  }
  if (title === "Version information") {
    return column === "Value" ? versionFields[String(row[0])] ?? null : null;
  }
  return columns[title]?.[column] ?? null;
}

/** A row of the import table, each function a value of its own. */
export function importsOf(row: Row): FoundValue[][] {
  const [library, functions] = [String(row[0] ?? ""), String(row[1] ?? "")];
  const dll = library.replace(/ \(delayed\)$/, "").toLowerCase();
  const names = functions.split(", ");
  return [
    [{ shown: showText(library), raw: library, field: null }],
    names.map((name, at) => {
      const whole = functions.length < CUT || at < names.length - 1;
      return {
        shown: showText(name),
        raw: whole ? `${dll}!${name}` : name,
        field: whole ? "pe.import" : null,
      };
    }),
  ];
}
