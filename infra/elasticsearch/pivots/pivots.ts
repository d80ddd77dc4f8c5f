import type { Query, Sha256, SimilarityEvidence, SimilarityMethod, Visibility } from "@assay/core";
import { countSamples } from "./count.ts";
import { readHits, type SampleCard } from "./hits.ts";
import type { PivotSource } from "./scan.ts";
import type { CommonValue, SharedValue } from "./shared.ts";
import { findSimilar } from "./similar.ts";

/** What samples should be like. */
export interface SimilarRequest {
  readonly ssdeep: string | null;
  readonly tlsh: string | null;
  /** Values that they may share. */
  readonly shared: readonly SharedValue[];
  /** The sample itself, which is left out; null for a digest of nobody's. */
  readonly except: Sha256 | null;
  /** Of ssdeep, 1 to 100. */
  readonly minScore: number;
  /** Of TLSH. */
  readonly maxDistance: number;
  readonly size: number;
  readonly cursor?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** How far one method went. */
export interface MethodSummary {
  readonly method: SimilarityMethod;
  /** Samples that are alike by it. */
  readonly found: number;
  /** Samples that the index brought up, each of which was compared. */
  readonly compared: number;
  /** False where the index held more than are compared. */
  readonly complete: boolean;
  /** Values that too many share to list them. */
  readonly common: readonly CommonValue[];
}

/** A sample that is like the one asked for. */
export interface SimilarHit {
  readonly hit: SampleCard;
  /** Strongest first. */
  readonly evidence: readonly SimilarityEvidence[];
  /** Of the strongest evidence. */
  readonly strength: number;
}

/** A page of similar samples. */
export interface SimilarResult {
  readonly methods: readonly MethodSummary[];
  readonly total: number;
  readonly items: readonly SimilarHit[];
  readonly cursor: string | null;
}

/** Ways from a sample to others, over the latest state of each. */
export interface Pivots {
  /** Visible samples that are like a sample or a digest, strongest evidence first. */
  similar(request: SimilarRequest, visibility: Visibility): Promise<SimilarResult>;
  /** How many visible samples besides `except` meet each condition, in their order. */
  count(
    conditions: readonly Query[],
    given: { except: Sha256 | null; signal?: AbortSignal | undefined },
    visibility: Visibility,
  ): Promise<number[]>;
  /** What the reader sees of samples; without those that he may not see or that have no report. */
  hits(
    sha256s: readonly Sha256[],
    visibility: Visibility,
    signal?: AbortSignal,
  ): Promise<Map<Sha256, SampleCard>>;
}

/** Pivots over the samples behind an alias. */
export function createPivots(source: PivotSource): Pivots {
  return {
    similar: (request, visibility) => findSimilar(source, request, visibility),
    count: (conditions, given, visibility) => countSamples(source, conditions, given, visibility),
    hits: (sha256s, visibility, signal) => readHits(source, sha256s, visibility, signal),
  };
}
