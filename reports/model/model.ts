import type {
  ModuleCategory,
  ModuleRunStatus,
  Note,
  Report,
  SampleTag,
  Sha256,
  TaskId,
  Timestamp,
  Tlp,
  Verdict,
} from "@assay/core";

/** Kinds of indicator, the first six as STIX names them. */
export const indicatorTypes = [
  "url",
  "domain",
  "ipv4-addr",
  "ipv6-addr",
  "email",
  "registry",
  "mutex",
  "path",
  "wallet",
] as const;
/** A kind of indicator. */
export type IndicatorType = (typeof indicatorTypes)[number];

/** Who runs the installation and signs its exports. */
export interface Organisation {
  readonly name: string;
  /** How to reach it, e.g. an address of mail; null where nobody said. */
  readonly contact: string | null;
  /** Its logo as a `data:` URL of an image, for HTML and PDF. */
  readonly logo: string | null;
  /** A notice that every export for people carries. */
  readonly notification: string | null;
  /** What a recipient may do with it; stands behind the line that names the level. */
  readonly tlpStatement: string | null;
}

/** The text of a YARA rule, so that a recipient can use what matched. */
export interface YaraRule {
  readonly name: string;
  readonly text: string;
}

/** Something that the sample mentions or touches. */
export interface Indicator {
  readonly type: IndicatorType;
  /** As the sample has it, on one line ({@link shown}); never defanged. */
  readonly value: string;
  /** The modules that saw it and where, e.g. `strings (string)`. */
  readonly sources: readonly string[];
  /** `used` where a sandbox saw it happen or a configuration names it; what stands in a string is `mentioned`. */
  readonly seen: "used" | "mentioned";
}

/** What an engine or rule says the sample is. */
export interface Finding {
  readonly engine: string;
  readonly label: string;
  readonly verdict: "malicious" | "suspicious" | "informational";
  readonly family: string | null;
}

/** One module's run, failed ones too. */
export interface Engine {
  readonly name: string;
  readonly category: ModuleCategory;
  readonly status: ModuleRunStatus;
  readonly version: string | null;
  readonly definition: string | null;
  readonly started: Timestamp | null;
  /** Milliseconds. */
  readonly durationMs: number;
  readonly cached: boolean;
  /** Why it ended as it did; null for `ok` and `nothing`. */
  readonly reason: string | null;
  readonly findings: readonly Finding[];
  /** Places in the model's list of indicators. */
  readonly indicators: readonly number[];
}

/** A technique of MITRE ATT&CK with why. */
export interface TechniqueSeen {
  readonly id: string;
  readonly reasons: readonly string[];
}

/** A cell of a table. */
export type Cell = string | number | boolean | null;

/** A table of a module. */
export interface Table {
  readonly module: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Rows there were before caps. */
  readonly total: number;
}

/** Values of a searchable field. */
export interface Property {
  readonly field: string;
  readonly values: readonly Exclude<Cell, null>[];
}

/** A file that this one holds or comes from. */
export interface RelatedFile {
  readonly sha256: Sha256;
  readonly name: string;
  readonly size: number;
  /** True where the sample made it while it ran; otherwise it lay inside. */
  readonly dropped: boolean;
}

/** One scan as its reader may see it: what every renderer takes. Sorted and bounded; all text is safe to show on its own. */
export interface ReportModel {
  /** The line that every export carries. */
  readonly statement: string;
  /** The most restricted level of what is inside. */
  readonly tlp: Tlp;
  /** Level of the scan's own findings; notes and analysts' tags have theirs. */
  readonly findingsTlp: Tlp;
  /** Names what the reader sees; see {@link viewOf}. */
  readonly view: string;
  readonly organisation: Organisation;
  readonly id: TaskId;
  readonly revision: number;
  readonly submitted: Timestamp;
  readonly started: Timestamp;
  readonly finished: Timestamp;
  /** When anything of it last changed: the scan's end, or a later note or tag, also one that is gone again. */
  readonly modified: Timestamp;
  readonly sha256: Sha256;
  readonly size: number;
  readonly name: string | null;
  readonly fileType: string;
  readonly mime: string;
  readonly magic: string | null;
  readonly digests: Report["digests"];
  /** Of the submission, of modules and of analysts, each once. */
  readonly tags: readonly string[];
  /** What analysts tagged the sample with, each at its own level. */
  readonly analystTags: readonly SampleTag[];
  readonly verdict: Verdict;
  readonly families: readonly string[];
  readonly engines: readonly Engine[];
  readonly techniques: readonly TechniqueSeen[];
  readonly properties: readonly Property[];
  readonly tables: readonly Table[];
  readonly indicators: readonly Indicator[];
  readonly parent: { readonly sha256: Sha256; readonly taskId: TaskId } | null;
  readonly children: readonly RelatedFile[];
  readonly notes: readonly Note[];
  /** Texts of rules that matched. */
  readonly rules: readonly YaraRule[];
  /** What limits left out, in words. */
  readonly limits: readonly string[];
  /** The report itself, for what only some renderers need; its text is hostile. */
  readonly report: Report;
}
