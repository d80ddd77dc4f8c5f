import type { ReportSection } from "@assay/core";
import { appendix } from "./appendix.ts";
import { attack, engines, gaps, method, notes, summary } from "./findings.ts";
import { indicators } from "./indicators.ts";
import type { Content } from "./markup.ts";
import type { Part } from "./part.ts";
import { dynamicFacts, identification, related, staticFacts } from "./sample.ts";

/** The parts of a report in the order in which they stand, with their titles. */
export const SECTIONS: readonly (readonly [ReportSection, title: string, make: (part: Part) => Content])[] = [
  ["summary", "Summary", summary],
  ["engines", "Engines", engines],
  ["identification", "Identification", identification],
  ["static", "Static analysis", staticFacts],
  ["dynamic", "Dynamic analysis", dynamicFacts],
  ["attack", "MITRE ATT&CK", attack],
  ["indicators", "Indicators", indicators],
  ["related", "Related files", related],
  ["notes", "Notes", notes],
  ["gaps", "What could not be determined", gaps],
  ["method", "Method", method],
  ["appendix", "Appendix", appendix],
];
