import type { ModuleRun, Note, Report, Sha256, Timestamp, Visibility } from "@assay/core";
import { describeEngines, listTechniques, nameFamilies, observationsOf } from "./engines.ts";
import { gatherIndicators } from "./indicators.ts";
import type { Cell, Organisation, Property, RelatedFile, ReportModel, Table, YaraRule } from "./model.ts";
import { byText, unique } from "./order.ts";
import { shown, shownLines } from "./shown.ts";
import { statementOf, strictest } from "./tlp.ts";
import { viewOf } from "./view.ts";

/** What a model is made from: a report and notes that its reader may see. */
export interface ModelInput {
  readonly report: Report;
  readonly organisation: Organisation;
  /** Who reads. What is handed in must be visible to him already: repositories see to that. */
  readonly visibility: Visibility;
  readonly notes?: readonly Note[];
  /** Texts of YARA rules that the reader may have; those that matched are used. */
  readonly rules?: readonly YaraRule[];
}

const MOST_CHILDREN = 2000;
const MOST_TECHNIQUES = 500;
const MOST_NOTES = 500;
const MOST_TABLES = 200;
const MOST_VALUES = 2000;

/** The one model of a report: the same input gives the same model, in any process and at any time. */
export function makeModel(
  { report, organisation, visibility, notes = [], rules = [] }: ModelInput,
): ReportModel {
  const limits = report.limits.filter((note) => note.trim() !== "").map((note) => shown(note, 300));
  const capped = <T>(values: readonly T[], most: number, total: number, what: string): readonly T[] => {
    if (total > most) limits.push(`${what}: ${count(most)} of ${count(total)} kept`);
    return values.slice(0, most);
  };
  const runs = report.modules.toSorted((a, b) => byText(a.module, b.module));
  const { indicators, byModule, total } = gatherIndicators(runs);
  capped([], indicators.length, total, "indicators");
  const engines = describeEngines(runs, byModule);
  const techniques = listTechniques(runs);
  const children = listChildren(report);
  const tables = runs.flatMap(tablesOf);
  const keptNotes = notes.map(cleanNote).sort((a, b) => byText(a.created, b.created) || byText(a.id, b.id));
  const matched = new Set(engines.flatMap(({ findings }) => findings.map(({ label }) => label)));
  const tlp = strictest([report.tlp, ...notes.map((note) => note.tlp)]);
  return {
    statement: statementOf(tlp),
    tlp,
    findingsTlp: report.tlp,
    view: viewOf(visibility, [report.tlp, ...notes.map((note) => note.tlp)]),
    organisation: {
      name: shown(organisation.name, 200),
      contact: organisation.contact === null ? null : shown(organisation.contact, 500),
    },
    id: report.id,
    revision: report.revision,
    submitted: inMilliseconds(report.submitted),
    started: inMilliseconds(report.started),
    finished: inMilliseconds(report.finished),
    modified: [report.finished, ...keptNotes.map(({ created, edited }) => edited ?? created)]
      .map(inMilliseconds).toSorted(byText).at(-1)!,
    sha256: report.sha256,
    size: report.size,
    name: report.name === null ? null : shown(report.name),
    fileType: shown(report.fileType, 40),
    mime: shown(report.mime, 200),
    magic: report.magic === null ? null : shown(report.magic, 1000),
    digests: cleanDigests(report.digests),
    tags: unique([...report.tags, ...runs.flatMap(tagsOf)].map((tag) => shown(tag, 100).trim())).filter((
      tag,
    ) => tag !== ""),
    verdict: cleanVerdict(report.verdict),
    families: nameFamilies(engines),
    engines,
    techniques: capped(techniques, MOST_TECHNIQUES, techniques.length, "techniques"),
    properties: propertiesOf(runs),
    tables: capped(tables, MOST_TABLES, tables.length, "tables"),
    indicators,
    parent: report.parent,
    children: capped(children, MOST_CHILDREN, children.length, "files inside"),
    notes: capped(keptNotes, MOST_NOTES, keptNotes.length, "notes"),
    rules: rules.filter(({ name }) => matched.has(name)).sort((a, b) => byText(a.name, b.name)),
    limits,
    report,
  };
}

function listChildren(report: Report): RelatedFile[] {
  const dropped = new Set<Sha256>(
    report.modules.filter(({ category }) => category === "sandbox")
      .flatMap((run) => observationsOf(run, "child").map(({ sha256 }) => sha256)),
  );
  return report.children
    .map(({ sha256, name, size }) => ({ sha256, name: shown(name), size, dropped: dropped.has(sha256) }))
    .sort((a, b) => byText(a.name, b.name) || byText(a.sha256, b.sha256));
}

function tagsOf(run: ModuleRun): string[] {
  return observationsOf(run, "tag").map(({ value }) => value);
}

function tablesOf(run: ModuleRun): Table[] {
  const cell = (value: Cell): Cell => typeof value === "string" ? shown(value) : value;
  return observationsOf(run, "section").map(({ title, columns, rows, total }) => ({
    module: run.module,
    title: shown(title, 200),
    columns: columns.map((column) => shown(column, 100)),
    rows: rows.map((row) => row.map(cell)),
    total,
  }));
}

function propertiesOf(runs: readonly ModuleRun[]): Property[] {
  const all = runs.flatMap((run) => observationsOf(run, "property"));
  return [...Map.groupBy(all, ({ field }) => shown(field, 64))]
    .map(([field, found]) => ({
      field,
      values: [...new Set(found.map(({ value }) => typeof value === "string" ? shown(value) : value))]
        .slice(0, MOST_VALUES),
    }))
    .sort((a, b) => byText(a.field, b.field));
}

function cleanNote(note: Note): Note {
  return {
    ...note,
    text: shownLines(note.text),
    author: shown(note.author, 200),
    created: inMilliseconds(note.created),
    edited: note.edited === null ? null : inMilliseconds(note.edited),
  };
}

/** Without what is no digest, since modules may say anything. */
function cleanDigests(digests: Report["digests"]): Report["digests"] {
  const forms = Object.entries(digests).filter(([, value]) =>
    value !== undefined && /^[a-z0-9/+:]{1,256}$/i.test(value)
  );
  return { ...Object.fromEntries(forms), sha256: digests.sha256 };
}

function cleanVerdict({ level, score, summary, reasons }: Report["verdict"]): Report["verdict"] {
  return {
    level,
    score,
    summary: shown(summary, 1000),
    reasons: reasons.map((reason) => ({
      ...reason,
      heuristic: shown(reason.heuristic, 100),
      title: shown(reason.title, 300),
      evidence: reason.evidence.map((seen) => shown(seen, 300)),
      modules: reason.modules.map((module) => shown(module, 100)),
      attack: reason.attack.map((technique) => shown(technique, 100)),
    })).sort((a, b) => b.score - a.score || byText(a.heuristic, b.heuristic)),
  };
}

/** Exactly three digits of a second's fraction, whatever the store gave. */
function inMilliseconds(time: Timestamp): Timestamp {
  return new Date(time).toISOString();
}

function count(value: number): string {
  return value.toLocaleString("en");
}
