import type { SimilarityEvidence, SimilarityMethod } from "@assay/core";
import { html } from "lit";
import type { MethodOutcome } from "../../answers.ts";
import { showText } from "../../text.ts";

/** Methods as people call them, in the order of the filter. */
export const methodNames: Readonly<Record<SimilarityMethod, string>> = {
  ssdeep: "ssdeep",
  tlsh: "TLSH",
  imphash: "imphash",
  richHash: "Rich header",
  section: "sections",
};

/** Sections of one piece of evidence that are named; the rest are counted. */
const MOST_SECTIONS = 4;

/** Why two samples are alike, in words, with the shared values as pivots. */
export function renderEvidence(evidence: SimilarityEvidence, fileType: string) {
  switch (evidence.method) {
    case "ssdeep":
      return html`ssdeep score ${evidence.score} of 100`;
    case "tlsh":
      return html`TLSH distance ${evidence.distance}`;
    case "imphash":
      return html`same imports <assay-pivot field="pe.imphash" value=${evidence.value} bare></assay-pivot>`;
    case "richHash":
      return html`same Rich header <assay-pivot field="pe.richHash" value=${evidence.value} bare></assay-pivot>`;
    case "section": {
      const { sections } = evidence;
      const more = sections.length - MOST_SECTIONS;
      return html`${sections.length === 1 ? "same section" : `${sections.length} same sections`}
        ${
        sections.slice(0, MOST_SECTIONS).map(({ name, sha256 }) =>
          html`
            <assay-pivot field=${fileType === "elf"
              ? "elf.section.sha256"
              : "pe.section.sha256"} value=${sha256}><span class="mono">${showText(
                name ?? sha256.slice(0, 12),
              )}</span></assay-pivot>
          `
        )
      }${more > 0 ? `and ${more} more` : null}`;
    }
  }
}

/** What a method did, where that isn't said by the list itself; null otherwise. */
export function tellOutcome({ method, available, compared, complete }: MethodOutcome): string | null {
  const name = methodNames[method];
  if (!available) return `${name}: this file has nothing to compare by it`;
  if (!complete) return `${name}: ${compared} compared, more share something with it; some may be missing`;
  return null;
}
