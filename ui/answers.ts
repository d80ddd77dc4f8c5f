import type { SimilarityEvidence, SimilarityMethod, Tlp, VerdictLevel } from "@assay/core";
import type { SearchHit } from "./controllers/search.ts";

/** What the API shows of a sample wherever it stands in a list. */
export type SampleCard = Omit<SearchHit, "matches">;

/** A value that too many samples share to list them. */
export interface CommonValue {
  readonly field: string;
  readonly value: string;
  /** Of the section. */
  readonly name: string | null;
  readonly samples: number;
}

/** How far a method of similarity went. */
export interface MethodOutcome {
  readonly method: SimilarityMethod;
  readonly available: boolean;
  readonly found: number;
  readonly compared: number;
  readonly complete: boolean;
  readonly common: readonly CommonValue[];
}

/** A sample that is like another, with why. */
export interface SimilarSample extends SampleCard {
  /** Of the strongest evidence, 0 to 100. */
  readonly strength: number;
  readonly evidence: readonly SimilarityEvidence[];
}

/** A page of samples that are like one. */
export interface SimilarAnswer {
  readonly total: number;
  readonly methods: readonly MethodOutcome[];
  readonly items: readonly SimilarSample[];
  readonly cursor: string | null;
}

/** A value that a report found, and how many other samples have it; null where no query may ask for it. */
export interface CountedValue {
  readonly field: string;
  readonly value: string | number | boolean;
  readonly samples: number | null;
}

/** A page of values of a sample's newest report. */
export interface ObservablesAnswer {
  readonly total: number;
  readonly reportId: string | null;
  readonly items: readonly CountedValue[];
  readonly cursor: string | null;
  readonly limits: readonly string[];
}

/** A sample in a graph; what it is is null where it has no report yet. */
export interface SampleNode {
  readonly id: string;
  readonly label: string;
  readonly kind: "sample";
  readonly sha256: string;
  readonly fileType: string | null;
  readonly verdict: VerdictLevel | null;
  readonly score: number | null;
  readonly reportId: string | null;
}

/** A submission in a graph, with how many other samples came in it. */
export interface SubmissionNode {
  readonly id: string;
  readonly label: string;
  readonly kind: "submission";
  readonly submissionId: string;
  readonly submitter: string;
  readonly tlp: Tlp;
  readonly created: string;
  readonly samples: number;
}

/** Kinds of indicator in a graph. */
export const indicatorKinds = [
  ...["url", "domain", "ip", "email", "mutex", "registry", "wallet"] as const,
  ...["imphash", "richHash", "pdb", "section"] as const,
];

/** An indicator in a graph; `common` where so many have it that it says little. */
export interface IndicatorNode {
  readonly id: string;
  readonly label: string;
  readonly kind: (typeof indicatorKinds)[number];
  readonly field: string;
  readonly value: string;
  readonly common: boolean;
  readonly samples: number | null;
}

/** A node of a graph of relations. */
export type RelationNode = SampleNode | SubmissionNode | IndicatorNode;

/** An edge of a graph of relations. */
export interface RelationEdge {
  readonly from: string;
  readonly to: string;
  readonly kind: "contains" | "came-with" | "submitted-in" | "has";
}

/** A graph of what a sample is related to, a page of each kind. */
export interface RelationsAnswer {
  readonly nodes: readonly RelationNode[];
  readonly edges: readonly RelationEdge[];
  readonly kinds: readonly {
    readonly kind: string;
    readonly shown: number;
    readonly total: number | null;
    readonly cursor: string | null;
  }[];
  readonly limits: readonly string[];
}

/** What is known of a sample, as far as screens need it. */
export interface SampleSummary {
  readonly sha256: string;
  readonly firstSeen: string;
  readonly names: readonly string[];
  readonly reportId: string | null;
  readonly known: readonly {
    readonly verdict: "good" | "bad";
    readonly source: string;
    readonly note: string | null;
  }[];
  readonly submissions: readonly {
    readonly submissionId: string;
    readonly taskId: string;
    readonly reportId: string;
    readonly tlp: Tlp;
    readonly submitter: string;
    readonly name: string | null;
    readonly seen: string;
  }[];
}
