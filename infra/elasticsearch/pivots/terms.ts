import { readSsdeep, readTlsh, type Report, ssdeepTerms, tlshTerms } from "@assay/core";
import type { estypes } from "@elastic/elasticsearch";

/** Read for exact comparison, never searched. */
const compared = { type: "keyword", index: false, doc_values: true } as const;
const searched = { type: "keyword", doc_values: false } as const;

/** Where documents of samples keep what relatives are found by. */
export const SIMILAR = "similar";

/**
 * What relatives are found by. On 50,000 random digests the terms take 888 bytes a document, the digests 135.
 */
export const similarProperties: Record<string, estypes.MappingProperty> = {
  ssdeep: compared,
  tlsh: compared,
  ssdeepTerms: searched,
  tlshTerms: searched,
};

/** The values under {@link similarProperties}. */
export function similarOf({ digests }: Report): Record<string, unknown> {
  const ssdeep = digests.ssdeep === undefined ? null : readSsdeep(digests.ssdeep);
  const tlsh = digests.tlsh === undefined ? null : readTlsh(digests.tlsh);
  return {
    ...ssdeep && { ssdeep: digests.ssdeep, ssdeepTerms: ssdeepTerms(ssdeep) },
    ...tlsh && { tlsh: digests.tlsh, tlshTerms: tlshTerms(tlsh) },
  };
}
