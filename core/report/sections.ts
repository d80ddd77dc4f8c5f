import { Sha256 } from "../id/id.ts";
import type { Report } from "./report.ts";

/** A section of an executable, as its module's table shows it. */
export interface ExecutableSection {
  readonly format: "pe" | "elf";
  readonly name: string;
  /** Of its bytes in the file; null where it has none or they were not digested. */
  readonly sha256: Sha256 | null;
  readonly size: number | null;
  /** Bits a byte. */
  readonly entropy: number | null;
}

/** The sections of an executable in file order; empty for other samples. */
export function executableSections(report: Report): ExecutableSection[] {
  return report.modules.flatMap((run) => {
    if (run.status !== "ok" || (run.module !== "pe" && run.module !== "elf")) return [];
    const format = run.module;
    return run.observations.flatMap((table) => {
      if (table.type !== "section" || table.title !== "Sections") return [];
      const column = (...names: string[]) => table.columns.findIndex((name) => names.includes(name));
      const [name, size] = [column("Name"), column("Raw size", "Size")];
      const [entropy, sha256] = [column("Entropy"), column("SHA-256")];
      return table.rows.map((row): ExecutableSection => ({
        format,
        name: String(row[name] ?? ""),
        sha256: Sha256.safeParse(row[sha256]).data ?? null,
        size: numberOf(row[size]),
        entropy: numberOf(row[entropy]),
      }));
    });
  });
}

function numberOf(cell: unknown): number | null {
  return typeof cell === "number" ? cell : null;
}
