import {
  canSee,
  type Clause,
  findingsOf,
  type FoundRun,
  foundRuns,
  type Query,
  queryField,
  type Report,
  sourcesOf,
  type Visibility,
} from "@assay/core";
import type { SearchMatch } from "./repositories.ts";
import { fieldValuesOf, visitTexts } from "./text.ts";

/** Private-use characters around a match: no markup, and taken out of every text before it is shown. */
const [OPEN, CLOSE] = ["\ue000", "\ue001"];
/** Of one field. */
const FRAGMENTS = 3;
const BEFORE = 160;
const FRAGMENT_LENGTH = 320;
const MAX_FIELDS = 10;
const MAX_CLAUSES = 20;

/** Words that a query looks for: in one field, or anywhere where that is null. */
export interface Wanted {
  readonly field: string | null;
  readonly pattern: RegExp;
}

/** The words that a query looks for and that are worth showing in their place. */
export function wantedBy(query: Query): readonly Wanted[] {
  return clausesOf(query).flatMap((clause) => {
    const pattern = patternOf(clause);
    const type = clause.field === null ? "text" : queryField(clause.field)?.type;
    return pattern !== null && (type === "text" || type === "name") ? [{ field: clause.field, pattern }] : [];
  }).slice(0, MAX_CLAUSES);
}

/** Clauses that a hit meets or may meet. */
function clausesOf(query: Query): readonly Clause[] {
  switch (query.type) {
    case "clause":
      return [query];
    case "and":
    case "or":
      return query.of.flatMap(clausesOf);
    default:
      return [];
  }
}

/** Words in a row in any case, whatever stands between them; the literal parts of a pattern. */
function patternOf({ match }: Clause): RegExp | null {
  if (match.type !== "equals" && match.type !== "pattern") return null;
  const texts = match.type === "equals"
    ? [match.text]
    : match.parts.filter((part) => typeof part === "string");
  const words = texts.join(" ").match(/[\p{L}\p{N}]+/gu);
  if (words === null) return null;
  const row = words.join("[^\\p{L}\\p{N}]{1,16}");
  return match.type === "equals"
    ? new RegExp(`(?<![\\p{L}\\p{N}])${row}(?![\\p{L}\\p{N}])`, "giu")
    : new RegExp(row, "giu");
}

/**
 * Where a report has these words, and which modules said so: by field, `text.<module>` for the words of a module's
 * output. Look-ups outside take part only where the reader may see the report's own submission; names of submissions
 * and notes never do.
 */
export function matchesOf(report: Report, wanted: readonly Wanted[], visibility: Visibility): SearchMatch[] {
  const matches: SearchMatch[] = [];
  const runs = foundRuns(report).filter((run) => run.category !== "lookup" || canSee(visibility, report));
  const sources = sourcesOf(runs);
  for (const [field, texts] of textsOf(report, runs)) {
    const patterns = wanted.filter((one) => one.field === null || isPart(field, one.field));
    const fragments = patterns.length === 0 ? [] : fragmentsOf(texts, patterns.map(({ pattern }) => pattern));
    if (fragments.length === 0) continue;
    const modules = field.startsWith("text.") ? [field.slice("text.".length)] : sources[field] ?? [];
    matches.push({ field, modules, fragments });
    if (matches.length === MAX_FIELDS) break;
  }
  return matches;
}

function isPart(field: string, wanted: string): boolean {
  return field === (wanted === "string" ? "text.strings" : wanted);
}

/** Shows texts one by one until `visit` has had enough and gives false. */
type Texts = (visit: (text: string) => boolean) => boolean;

/** The texts of each field. */
function* textsOf(report: Report, runs: readonly FoundRun[]): Generator<[string, Texts]> {
  for (const [field, values] of findingsOf(report, runs, new Set())) {
    const type = queryField(field)?.type;
    if (type === "name" || type === "text") yield [field, (visit) => ([...values] as string[]).every(visit)];
  }
  for (const run of runs) {
    const inFields = new Set(fieldValuesOf(run));
    yield [`text.${run.module}`, (visit) => visitTexts(run, (text) => inFields.has(text) || visit(text))];
  }
}

/** The first lines with a match, in bounds, each match marked. */
function fragmentsOf(texts: Texts, patterns: readonly RegExp[]): string[] {
  const lines = new Set<string>();
  texts((text) => {
    for (const pattern of patterns) addLines(text, pattern, lines);
    return lines.size < FRAGMENTS;
  });
  return Array.from(lines, (line) => {
    const plain = line.replaceAll(/[\ue000\ue001]/g, "");
    return patterns.reduce((marked, pattern) => marked.replace(pattern, `${OPEN}$&${CLOSE}`), plain);
  });
}

function addLines(text: string, pattern: RegExp, lines: Set<string>): void {
  pattern.lastIndex = 0;
  for (let match; lines.size < FRAGMENTS && (match = pattern.exec(text)) !== null;) {
    const start = text.lastIndexOf("\n", match.index) + 1;
    const end = text.indexOf("\n", match.index + match[0].length);
    const from = Math.max(start, match.index - BEFORE);
    lines.add(text.slice(from, Math.min(end === -1 ? text.length : end, from + FRAGMENT_LENGTH)));
    pattern.lastIndex = end === -1 ? text.length : end;
  }
}
