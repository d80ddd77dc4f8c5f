import { executableSections, type Report, type Sha256, type Visibility } from "@assay/core";
import { listDigest, readListCursor, type SampleCard, writeListCursor } from "@assay/infra";
import type { z } from "@hono/zod-openapi";
import type { ApiDependencies } from "../app/dependencies.ts";
import { pageRequest } from "../app/page.ts";
import type { RelationsAnswer } from "./schema.ts";
import { type CountedValue, countValues } from "./values.ts";

type Answer = z.infer<typeof RelationsAnswer>;
type Node = Answer["nodes"][number];
type Edge = Answer["edges"][number];
type Deps = Pick<ApiDependencies, "pivots" | "relatives">;

const kinship = ["child", "parent", "sibling"] as const;
/** Values by the kind of their node, and where they stand in the catalogue. */
const indicators = {
  url: ["url"],
  domain: ["domain"],
  ip: ["ip"],
  email: ["email"],
  mutex: ["mutex"],
  registry: ["registry"],
  wallet: ["wallet"],
  imphash: ["pe.imphash"],
  richHash: ["pe.richHash"],
  pdb: ["pe.pdb"],
  section: ["pe.section.sha256", "elf.section.sha256"],
} as const;
type IndicatorKind = keyof typeof indicators;

/** Kinds of relation that can be asked for. */
export const relationKinds = [
  ...kinship,
  "submission",
  ...Object.keys(indicators) as IndicatorKind[],
] as const;
/** A kind of relation. */
export type RelationKind = typeof relationKinds[number];

/** What to show. */
export interface RelationsRequest {
  readonly kinds: readonly RelationKind[];
  /** Nodes of each kind. */
  readonly size: number;
  /** Of the one kind asked for. */
  readonly cursor?: string | undefined;
  readonly signal: AbortSignal;
}

/** A part of the graph: nodes of one kind, where they go on, and how many there are if that is known. */
interface Part {
  readonly nodes: readonly Node[];
  readonly edges: readonly Edge[];
  readonly total: number | null;
  readonly cursor: string | null;
  readonly limits?: readonly string[];
}

/** The sample and what it is related to, a page of each kind. `report` is its newest visible one. */
export async function findRelations(
  sha256: Sha256,
  report: Report | undefined,
  request: RelationsRequest,
  deps: Deps,
  visibility: Visibility,
): Promise<Answer> {
  const { kinds, signal } = request;
  const self = sampleNode(sha256, null, (await deps.pivots.hits([sha256], visibility, signal)).get(sha256));
  const parts: (Part & { kind: RelationKind })[] = [];
  for (const kind of kinds) {
    if (kind === "submission") parts.push({ kind, ...await submissions(sha256, request, deps, visibility) });
    else if (isKinship(kind)) {
      parts.push({ kind, ...await relatives(sha256, kind, request, deps, visibility) });
    }
  }
  const asked = kinds.filter((kind): kind is IndicatorKind => kind in indicators);
  if (report !== undefined && asked.length > 0) {
    parts.push(...await shared(report, asked, request, deps, visibility));
  }
  const nodes = new Map([self, ...parts.flatMap((part) => part.nodes)].map((node) => [node.id, node]));
  return {
    nodes: [...nodes.values()],
    edges: parts.flatMap((part) => part.edges),
    kinds: parts.map(({ kind, total, cursor, nodes }) => ({ kind, shown: nodes.length, total, cursor })),
    limits: [...new Set(parts.flatMap(({ limits }) => limits ?? []))],
  };
}

function isKinship(kind: RelationKind): kind is typeof kinship[number] {
  return (kinship as readonly string[]).includes(kind);
}

function sampleNode(sha256: Sha256, name: string | null, card: SampleCard | undefined): Node {
  return {
    id: `sample:${sha256}`,
    kind: "sample",
    label: name ?? card?.name ?? sha256,
    sha256,
    fileType: card?.fileType ?? null,
    verdict: card?.verdict ?? null,
    score: card?.score ?? null,
    reportId: card?.reportId ?? null,
  };
}

async function relatives(
  sha256: Sha256,
  kind: typeof kinship[number],
  request: RelationsRequest,
  { relatives, pivots }: Deps,
  visibility: Visibility,
): Promise<Part> {
  const page = await relatives.list(sha256, kind, pageRequest(request), visibility);
  const cards = await pivots.hits(page.items.map((item) => item.sha256), visibility, request.signal);
  const self = `sample:${sha256}`;
  return {
    nodes: page.items.map((item) => sampleNode(item.sha256, item.name, cards.get(item.sha256))),
    edges: page.items.map((item): Edge => {
      const other = `sample:${item.sha256}`;
      if (kind === "sibling") {
        return { from: self, to: other, kind: "came-with", submissionId: item.submissionId };
      }
      const [from, to] = kind === "child" ? [self, other] : [other, self];
      return { from, to, kind: "contains", submissionId: item.submissionId };
    }),
    total: null,
    cursor: page.cursor,
  };
}

async function submissions(
  sha256: Sha256,
  request: RelationsRequest,
  { relatives }: Deps,
  visibility: Visibility,
): Promise<Part> {
  const page = await relatives.submissions(sha256, pageRequest(request), visibility);
  return {
    nodes: page.items.map(({ id, submitter, created, tlp, others }): Node => ({
      id: `submission:${id}`,
      kind: "submission",
      label: `${submitter}, ${created.slice(0, 10)}`,
      submissionId: id,
      submitter,
      tlp,
      created,
      samples: others,
      query: `submission:${id}`,
    })),
    edges: page.items.map(({ id }): Edge => ({
      from: `sample:${sha256}`,
      to: `submission:${id}`,
      kind: "submitted-in",
      submissionId: id,
    })),
    total: null,
    cursor: page.cursor,
  };
}

/** What so many samples have that it says little: more than 2 % of all, and more than twenty. */
function isCommon(samples: number, others: number): boolean {
  return samples > Math.max(20, others * 0.02);
}

async function shared(
  report: Report,
  kinds: readonly IndicatorKind[],
  { cursor, size, signal }: RelationsRequest,
  { pivots }: Deps,
  visibility: Visibility,
): Promise<(Part & { kind: IndicatorKind })[]> {
  const fields = kinds.flatMap((kind) => indicators[kind]);
  const given = { except: report.sha256, signal };
  const { values, total, others } = await countValues(report, fields, pivots, given, visibility);
  const names = new Map(executableSections(report).map(({ sha256, name }) => [sha256 as string, name]));
  const limits = total > values.length ? [`${values.length} of ${total} values looked up`] : [];
  return kinds.map((kind) => {
    const digest = listDigest([report.id, report.revision, kind, visibility]);
    const after = cursor === undefined ? null : readListCursor(cursor, digest, [0, 0, ""]);
    const ranked = values.filter(({ field }) => (indicators[kind] as readonly string[]).includes(field)).map((
      one,
    ) => ({
      one,
      place: placeOf(one, others),
    })).sort((a, b) => order(a.place, b.place));
    const start = after === null ? 0 : ranked.findIndex(({ place }) => order(place, after) > 0);
    const page = start < 0 ? [] : ranked.slice(start, start + size);
    const nodes = page.map(({ one, place }): Node => ({
      id: `${kind}:${one.value}`,
      kind,
      label: (kind === "section" ? names.get(String(one.value)) : null) ?? String(one.value),
      field: one.field,
      value: String(one.value),
      samples: one.samples,
      common: place[0] === 2,
      query: one.query,
    }));
    return {
      kind,
      nodes,
      edges: nodes.map(({ id }): Edge => ({
        from: `sample:${report.sha256}`,
        to: id,
        kind: "has",
        submissionId: null,
      })),
      total: ranked.length,
      cursor: page.length > 0 && start + size < ranked.length
        ? writeListCursor(digest, page.at(-1)!.place)
        : null,
      limits,
    };
  });
}

type Place = readonly [number, number, string];

/** First what others have too, the rarest of it first; then what nobody else has; last what is common. */
function placeOf({ samples, value }: CountedValue, others: number): Place {
  const group = samples === null || samples === 0 ? 1 : isCommon(samples, others) ? 2 : 0;
  return [group, samples ?? 0, String(value)];
}

function order(a: Place, b: Place): number {
  const at = a[0] !== b[0] ? 0 : a[1] !== b[1] ? 1 : 2;
  return a[at]! < b[at]! ? -1 : a[at]! > b[at]! ? 1 : 0;
}
