import {
  compareSsdeep,
  readSsdeep,
  readTlsh,
  type Sha256,
  type SimilarityEvidence,
  type Ssdeep,
  ssdeepTerms,
  type Tlsh,
  tlshDistance,
  tlshSearch,
  type Visibility,
} from "@assay/core";
import type { Filter } from "../filter.ts";
import { type PivotSource, scan } from "./scan.ts";
import { SIMILAR } from "./terms.ts";

/** What one method found. */
export interface Found {
  readonly evidence: ReadonlyMap<Sha256, SimilarityEvidence>;
  /** Samples that the index brought up, each compared. */
  readonly compared: number;
  /** False where the index holds more than may be compared. */
  readonly complete: boolean;
}

type Options = { except: Sha256 | null; signal?: AbortSignal | undefined };

/** Samples whose ssdeep digest scores at least `least`. */
export async function findBySsdeep(
  source: PivotSource,
  digest: Ssdeep,
  least: number,
  options: Options,
  visibility: Visibility,
): Promise<Found> {
  const should = ssdeepTerms(digest).map((term) => one({ term: { [`${SIMILAR}.ssdeepTerms`]: term } }));
  const query: Filter = { bool: { should, minimum_should_match: 1 } };
  return await compare(source, query, "ssdeep", options, visibility, (value) => {
    const other = readSsdeep(value);
    const score = other === null ? 0 : compareSsdeep(digest, other);
    return score >= least && score > 0 ? { method: "ssdeep", score, value } : null;
  });
}

/** Samples whose TLSH digest is at most `most` away, as far as {@link tlshSearch} brings them up. */
export async function findByTlsh(
  source: PivotSource,
  digest: Tlsh,
  most: number,
  options: Options,
  visibility: Visibility,
): Promise<Found> {
  const { lengths, bands, atLeast } = tlshSearch(digest, most);
  const path = `${SIMILAR}.tlshTerms`;
  const query: Filter = {
    bool: {
      filter: [{ terms: { [path]: [...lengths] } }],
      should: bands.map((terms) => one({ terms: { [path]: [...terms] } })),
      minimum_should_match: atLeast,
    },
  };
  return await compare(source, query, "tlsh", options, visibility, (value) => {
    const other = readTlsh(value);
    const distance = other === null ? Infinity : tlshDistance(digest, other);
    return distance <= most ? { method: "tlsh", distance, value } : null;
  });
}

async function compare(
  source: PivotSource,
  query: Filter,
  method: "ssdeep" | "tlsh",
  options: Options,
  visibility: Visibility,
  judge: (value: string) => SimilarityEvidence | null,
): Promise<Found> {
  const field = `${SIMILAR}.${method}`;
  const { candidates, complete } = await scan(source, query, { field, ...options }, visibility);
  const evidence = new Map<Sha256, SimilarityEvidence>();
  for (const { sha256, value } of candidates) {
    const found = value === null ? null : judge(value);
    if (found !== null) evidence.set(sha256, found);
  }
  return { evidence, compared: candidates.length, complete };
}

/** Counts for one, so that a score is how many there are. */
function one(filter: Filter): Filter {
  return { constant_score: { filter } };
}
