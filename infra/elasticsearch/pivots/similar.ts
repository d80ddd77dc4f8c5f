import {
  readSsdeep,
  readTlsh,
  type Sha256,
  type SimilarityEvidence,
  strengthOf,
  type Visibility,
} from "@assay/core";
import { listDigest, readListCursor, writeListCursor } from "../../cursor.ts";
import { findBySsdeep, findByTlsh } from "./fuzzy.ts";
import { readHits } from "./hits.ts";
import type { MethodSummary, SimilarHit, SimilarRequest, SimilarResult } from "./pivots.ts";
import type { PivotSource } from "./scan.ts";
import { findByShared } from "./shared.ts";

interface Ranked {
  readonly sha256: Sha256;
  readonly evidence: readonly SimilarityEvidence[];
  readonly strength: number;
}

/** Visible samples that are like a sample or a digest, strongest evidence first. Each page compares anew. */
export async function findSimilar(
  source: PivotSource,
  request: SimilarRequest,
  visibility: Visibility,
): Promise<SimilarResult> {
  const { except, shared, minScore, maxDistance, size, cursor, signal } = request;
  const digest = listDigest([
    request.ssdeep,
    request.tlsh,
    except,
    shared,
    minScore,
    maxDistance,
    visibility,
  ]);
  const after = cursor === undefined ? null : readListCursor(cursor, digest, [0, 0, ""]);
  const options = { except, signal };
  const evidence = new Map<Sha256, SimilarityEvidence[]>();
  const add = (sha256: Sha256, found: SimilarityEvidence) => {
    const list = evidence.get(sha256);
    if (list === undefined) evidence.set(sha256, [found]);
    else list.push(found);
  };
  const methods: MethodSummary[] = [];

  const ssdeep = request.ssdeep === null ? null : readSsdeep(request.ssdeep);
  if (ssdeep !== null) {
    const found = await findBySsdeep(source, ssdeep, minScore, options, visibility);
    for (const [sha256, one] of found.evidence) add(sha256, one);
    methods.push(summaryOf("ssdeep", found));
  }
  const tlsh = request.tlsh === null ? null : readTlsh(request.tlsh);
  if (tlsh !== null) {
    const found = await findByTlsh(source, tlsh, maxDistance, options, visibility);
    for (const [sha256, one] of found.evidence) add(sha256, one);
    methods.push(summaryOf("tlsh", found));
  }
  for (const method of ["imphash", "richHash", "section"] as const) {
    const values = shared.filter((value) => value.method === method);
    if (values.length === 0) continue;
    const found = await findByShared(source, values, options, visibility);
    for (const [sha256, list] of found.evidence) for (const one of list) add(sha256, one);
    methods.push({ ...summaryOf(method, found), common: found.common });
  }

  const ranked = Array.from(evidence, ([sha256, list]): Ranked => ({
    sha256,
    evidence: list.toSorted((a, b) => strengthOf(b) - strengthOf(a)),
    strength: Math.max(...list.map(strengthOf)),
  })).sort(byStrength);
  const start = after === null ? 0 : ranked.findIndex((one) => comesAfter(one, after));
  const page = start < 0 ? [] : ranked.slice(start, start + size);
  const hits = await readHits(source, page.map(({ sha256 }) => sha256), visibility, signal);
  const last = page.at(-1);
  const more = last !== undefined && start + size < ranked.length;
  return {
    methods,
    total: ranked.length,
    // One that went between the two readings is left out.
    items: page.flatMap(({ sha256, evidence, strength }): SimilarHit[] => {
      const hit = hits.get(sha256);
      return hit === undefined ? [] : [{ hit, evidence, strength }];
    }),
    cursor: more ? writeListCursor(digest, [last.strength, last.evidence.length, last.sha256]) : null,
  };
}

function summaryOf(
  method: MethodSummary["method"],
  found: { evidence: { readonly size: number }; compared: number; complete: boolean },
): MethodSummary {
  const { evidence, compared, complete } = found;
  return { method, found: evidence.size, compared, complete, common: [] };
}

function byStrength(a: Ranked, b: Ranked): number {
  return b.strength - a.strength || b.evidence.length - a.evidence.length ||
    (a.sha256 < b.sha256 ? -1 : a.sha256 > b.sha256 ? 1 : 0);
}

/** True for what stands behind the last hit of the page before, also where that one is gone. */
function comesAfter(one: Ranked, [strength, methods, sha256]: readonly unknown[]): boolean {
  if (one.strength !== strength) return one.strength < Number(strength);
  if (one.evidence.length !== methods) return one.evidence.length < Number(methods);
  return one.sha256 > String(sha256);
}
