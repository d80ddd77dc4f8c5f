/** Files were handed in. Composed, so that an embedding page hears it. */
export class AssaySubmittedEvent extends Event {
  readonly submissionId: string;
  readonly taskIds: readonly string[];
  constructor(submissionId: string, taskIds: readonly string[]) {
    super("assay-submitted", { bubbles: true, composed: true });
    this.submissionId = submissionId;
    this.taskIds = taskIds;
  }
}

/** What can be gone to: a report, the newest report of a sample (by SHA-256), or two reports side by side. */
export type NavigationGoal =
  | { readonly kind: "report" | "sample"; readonly id: string }
  | { readonly kind: "compare"; readonly id: string; readonly other: string };

/** Somebody wants to see something; cancel it to go there yourself. */
export class AssayNavigateEvent extends Event {
  readonly goal: NavigationGoal;
  constructor(kind: "report" | "sample", id: string);
  constructor(kind: "compare", id: string, other: string);
  constructor(kind: "report" | "sample" | "compare", id: string, other = "") {
    super("assay-navigate", { bubbles: true, composed: true, cancelable: true });
    this.goal = kind === "compare" ? { kind, id, other } : { kind, id };
  }
}

/** An analyst added to a sample or took something off it: a note, a tag, its place on a list. */
export class AssayAnnotatedEvent extends Event {
  readonly sha256: string;
  readonly what: "note" | "tag" | "list";
  constructor(sha256: string, what: "note" | "tag" | "list") {
    super("assay-annotated", { bubbles: true, composed: true });
    this.sha256 = sha256;
    this.what = what;
  }
}

/** A form of a report was given to the browser to keep. */
export class AssayExportedEvent extends Event {
  readonly reportId: string;
  readonly format: string;
  readonly name: string;
  /** In bytes. */
  readonly size: number;
  constructor(reportId: string, format: string, name: string, size: number) {
    super("assay-exported", { bubbles: true, composed: true });
    this.reportId = reportId;
    this.format = format;
    this.name = name;
    this.size = size;
  }
}

/**
 * A value was picked: look for it alone, add it to the query that is being made, exclude it there, or see where else it is.
 * A page does it; `preventDefault()` says that it was done.
 */
export class AssayPivotEvent extends Event {
  readonly how: "find" | "add" | "exclude" | "where";
  /** As queries name it. */
  readonly field: string;
  /** As it is, not defanged. */
  readonly value: string;
  constructor(how: "find" | "add" | "exclude" | "where", field: string, value: string) {
    super("assay-pivot", { bubbles: true, composed: true, cancelable: true });
    this.how = how;
    this.field = field;
    this.value = value;
  }
}

/** Somebody gave a key to sign in with. */
export class AssayKeyGivenEvent extends Event {
  readonly key: string;
  constructor(key: string) {
    super("assay-key-given", { bubbles: true, composed: true });
    this.key = key;
  }
}
