import {
  type Clause,
  printQuery,
  type Sha256,
  type SimilarityEvidence,
  type SimilarityMethod,
  type Visibility,
  wholeClause,
} from "@assay/core";
import { compileCondition } from "../compile.ts";
import { countSamples } from "./count.ts";
import { type PivotSource, scan } from "./scan.ts";

/** A value that related samples share as it is. */
export interface SharedValue {
  readonly method: Exclude<SimilarityMethod, "ssdeep" | "tlsh">;
  /** Of the catalogue. */
  readonly field: string;
  readonly value: string;
  /** Of the section; null for others. */
  readonly name: string | null;
}

/** A value that so many samples have that it says little: they are counted, not listed. */
export interface CommonValue extends SharedValue {
  /** Visible samples that have it. */
  readonly samples: number;
  /** Finds them. */
  readonly query: string;
}

/** A value that more samples share is common. */
export const COMMON = 500;

/** What samples share, by method. */
export interface Shared {
  readonly evidence: ReadonlyMap<Sha256, readonly SimilarityEvidence[]>;
  readonly common: readonly CommonValue[];
  readonly compared: number;
  readonly complete: boolean;
}

/** Samples that have one of these values, but for values that are {@link COMMON}. */
export async function findByShared(
  source: PivotSource,
  values: readonly SharedValue[],
  options: { except: Sha256 | null; signal?: AbortSignal | undefined },
  visibility: Visibility,
): Promise<Shared> {
  const asked = values.flatMap((value) => {
    const clause = wholeClause(value.field, value.value);
    return clause === null ? [] : [{ value, clause }];
  });
  const counts = await countSamples(source, asked.map(({ clause }) => clause), options, visibility);
  const common: CommonValue[] = [];
  const rare: { value: SharedValue; clause: Clause }[] = [];
  for (const [i, one] of asked.entries()) {
    const samples = counts[i]!;
    if (samples > COMMON) common.push({ ...one.value, samples, query: printQuery(one.clause) });
    else if (samples > 0) rare.push(one);
  }
  if (rare.length === 0) return { evidence: new Map(), common, compared: 0, complete: true };
  const context = { scope: "samples" as const, visibility, now: source.clock() };
  const should = rare.map(({ clause }, i) => ({
    constant_score: { filter: compileCondition(clause, context), _name: String(i) },
  }));
  const query = { bool: { should, minimum_should_match: 1 } };
  const { candidates, complete } = await scan(source, query, options, visibility);
  const evidence = new Map(
    candidates.map(({ sha256, matched }) => [sha256, evidenceOf(matched.map((i) => rare[Number(i)]!.value))]),
  );
  return { evidence, common, compared: candidates.length, complete };
}

function evidenceOf(values: readonly SharedValue[]): SimilarityEvidence[] {
  const evidence: SimilarityEvidence[] = [];
  const sections: { sha256: Sha256; name: string | null }[] = [];
  for (const { method, value, name } of values) {
    if (method === "section") sections.push({ sha256: value as Sha256, name });
    else evidence.push({ method, value });
  }
  if (sections.length > 0) evidence.push({ method: "section", sections });
  return evidence;
}
