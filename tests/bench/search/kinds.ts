import { printQuery, type Query, type Report } from "@assay/core";
import type { Random } from "../generator/random.ts";

/** One request to measure. */
export interface Ask {
  readonly path: string;
  readonly parameters: Readonly<Record<string, string>>;
  /** True for the reader who sees GREEN and below only. */
  readonly limited?: boolean;
}

/** A kind of request that analysts make; `make` asks for what that report has. */
export interface Kind {
  readonly name: string;
  /** Outside of the goals: reading or comparing everything. */
  readonly heavy?: boolean;
  make(report: Report, random: Random): Ask;
}

const search = (q: string, more: Record<string, string> = {}): Ask => ({
  path: "/api/v1/search",
  parameters: { q, size: "25", ...more },
});

/** Kinds of requests, in a fixed order. */
export const kinds: readonly Kind[] = [
  { name: "newest of all", make: () => search("") },
  { name: "one SHA-256", make: (report) => search(report.sha256) },
  { name: "imphash", make: (report) => search(equals("pe.imphash", valueOf(report, "pe.imphash") ?? "0")) },
  {
    name: "import and section entropy",
    make: (report) =>
      search(
        `${
          equals("pe.import", valueOf(report, "pe.import") ?? "kernel32.dll!virtualalloc")
        } pe.section.entropy:>=7.2`,
      ),
  },
  {
    name: "a common word",
    make: (_, random) => search(random.pick(["microsoft", "error", "version", "python", "memory", "file"])),
  },
  { name: "a rare word", make: (report) => search(quoted(rareWord(report))) },
  { name: "a phrase", make: (report, random) => search(quoted(phraseOf(report, random))) },
  { name: "start of a name", make: (report) => search(`name:${report.name!.slice(0, 4)}*`) },
  {
    name: "end of a name",
    make: (_, random) => search(`name:*${random.pick([".dll", ".exe", ".py", ".so", ".pyd"])}`),
  },
  {
    name: "middle of a domain",
    make: (_, random) => search(`domain:*${random.word(2)}*`, { mode: "advanced" }),
  },
  { name: "block of addresses", make: (_, random) => search(`ip:${random.below(223) + 1}.0.0.0/8`) },
  {
    name: "size, type and no tag",
    make: (report, random) =>
      search(`fileType:pe size:>=${random.below(900) + 1}kB NOT tag:${report.tags[0] ?? "benign"}`),
  },
  {
    name: "a week's malicious, by score",
    make: (_, random) => search(`verdict:malicious seen:>=now-${random.below(14) + 1}d`, { sort: "-score" }),
  },
  {
    name: "tag and submitter",
    make: (report) => search(`submitter:${report.submitter} tag:${report.tags[0] ?? "packed"}`),
  },
  {
    name: "limited reader, word and name",
    make: (report) => ({ ...search(`microsoft name:${report.name!.slice(0, 2)}*`), limited: true }),
  },
  { name: "has a field, lacks another", make: () => search("pe.pdb:* NOT av.label:*") },
  {
    name: "twenty alternatives",
    make: (_, random) =>
      search(Array.from({ length: 20 }, () => `domain:*.${random.word(4)}.com`).join(" OR ")),
  },
  {
    name: "family by label",
    make: (report, random) =>
      search(`av.label:*${familyOf(report) ?? random.word(3)}*`, { mode: "advanced" }),
  },
  {
    name: "word in history",
    make: (_, random) =>
      search(random.pick(["certificate", "thread", "socket", "import"]), { scope: "reports" }),
  },
  {
    name: "count only",
    make: (_, random) => search(`size:>=${random.below(900) + 1}kB pe.signed:true`, { show: "count" }),
  },
];

function equals(field: string, text: string): string {
  const clause: Query = {
    type: "clause",
    field,
    match: { type: "equals", text },
    place: { start: 0, end: 0 },
  };
  return printQuery(clause);
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, "\\$&")}"`;
}

function valueOf(report: Report, field: string): string | undefined {
  for (const run of report.modules) {
    if (run.status !== "ok") continue;
    for (const one of run.observations) {
      if (one.type === "property" && one.field === field) return String(one.value);
    }
  }
  return undefined;
}

function familyOf(report: Report): string | undefined {
  for (const run of report.modules) {
    if (run.status !== "ok") continue;
    for (const one of run.observations) {
      if (one.type === "detection" && one.family !== undefined) return one.family;
    }
  }
  return undefined;
}

function sampleStrings(report: Report): string[] {
  const run = report.modules.find(({ module }) => module === "strings");
  return run?.status === "ok" ? (run.raw as { sample: string[] }).sample : [];
}

/** A word that the report has and hardly any other. */
function rareWord(report: Report): string {
  return sampleStrings(report).find((string) => /^[a-z]{6}_[0-9a-f]{6}$/.test(string)) ?? report.name!;
}

function phraseOf(report: Report, random: Random): string {
  const phrases = sampleStrings(report).map((string) =>
    string.match(/[A-Za-z]{3,12} [A-Za-z]{2,12} [A-Za-z]{3,12}/)?.[0]
  )
    .filter((phrase) => phrase !== undefined);
  return phrases.length === 0 ? "run in dos mode" : random.pick(phrases);
}
