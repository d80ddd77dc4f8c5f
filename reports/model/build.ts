import type { ModuleRun, Note, Report, SampleTag, Sha256, Timestamp, Tlp, Visibility } from "@assay/core";
import { describeEngines, listTechniques, nameFamilies, observationsOf } from "./engines.ts";
import { gatherIndicators } from "./indicators.ts";
import type { Cell, Organisation, Property, RelatedFile, ReportModel, Table, YaraRule } from "./model.ts";
import { byText, unique } from "./order.ts";
import { shown, shownLines } from "./shown.ts";
import { statementOf, strictest } from "./tlp.ts";
import { viewOf } from "./view.ts";

/** What a model is made from: a report, notes and tags that its reader may see. */
export interface ModelInput {
  readonly report: Report;
  readonly organisation: Organisation;
  /** Who reads. What is handed in must be visible to him already: repositories see to that. */
  readonly visibility: Visibility;
  readonly notes?: readonly Note[];
  /** Tags that analysts gave the sample. */
  readonly tags?: readonly SampleTag[];
  /** When notes or tags last changed, one that is gone too. */
  readonly changed?: Timestamp | null;
  /** Texts of YARA rules that the reader may have; those that matched are used. */
  readonly rules?: readonly YaraRule[];
}

const MOST_CHILDREN = 2000;
const MOST_TECHNIQUES = 500;
/** Notes of a report at most. */
export const MOST_NOTES = 500;
const MOST_TAGS = 500;
const MOST_TABLES = 200;
const MOST_VALUES = 2000;

/** The one model of a report: the same input gives the same model, in any process and at any time. */
export function makeModel(
  { report, organisation, visibility, notes = [], tags = [], changed = null, rules = [] }: ModelInput,
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
  const analystTags = capped(tags.map(cleanTag).sort(byTag), MOST_TAGS, tags.length, "analysts' tags");
  const matched = new Set(engines.flatMap(({ findings }) => findings.map(({ label }) => label)));
  const levels = levelsOf({ report, notes, tags });
  const tlp = strictest(levels);
  return {
    statement: statementOf(tlp),
    tlp,
    findingsTlp: report.tlp,
    view: viewOf(visibility, levels),
    organisation: cleanOrganisation(organisation),
    id: report.id,
    revision: report.revision,
    submitted: inMilliseconds(report.submitted),
    started: inMilliseconds(report.started),
    finished: inMilliseconds(report.finished),
    modified: [
      report.finished,
      ...keptNotes.map(({ created, edited }) => edited ?? created),
      ...analystTags.map(({ added }) => added),
      ...changed === null ? [] : [changed],
    ].map(inMilliseconds).toSorted(byText).at(-1)!,
    sha256: report.sha256,
    size: report.size,
    name: report.name === null ? null : shown(report.name),
    fileType: shown(report.fileType, 40),
    mime: shown(report.mime, 200),
    magic: report.magic === null ? null : shown(report.magic, 1000),
    digests: cleanDigests(report.digests),
    tags: unique(
      [...report.tags, ...runs.flatMap(tagsOf), ...analystTags.map(({ tag }) => tag)]
        .map((tag) => shown(tag, 100).trim()),
    ).filter((tag) => tag !== ""),
    analystTags,
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

/** Levels of all that a model is made from. */
export function levelsOf(
  { report, notes = [], tags = [] }: Pick<ModelInput, "report" | "notes" | "tags">,
): Tlp[] {
  return [report, ...notes, ...tags].map(({ tlp }) => tlp);
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

function cleanOrganisation({ name, contact, logo, notification, tlpStatement }: Organisation): Organisation {
  return {
    name: shown(name, 200),
    contact: contact === null ? null : shown(contact, 500),
    logo,
    notification: notification === null ? null : shownLines(notification, 4000),
    tlpStatement: tlpStatement === null ? null : shownLines(tlpStatement, 1000),
  };
}

function cleanTag(tag: SampleTag): SampleTag {
  return {
    ...tag,
    tag: shown(tag.tag, 100),
    author: shown(tag.author, 200),
    added: inMilliseconds(tag.added),
  };
}

function byTag(a: SampleTag, b: SampleTag): number {
  return byText(a.tag, b.tag) || byText(a.added, b.added) || byText(a.owner, b.owner);
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
