import type { SearchTerms } from "@assay/core";

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

/** Another search is wanted: a query was submitted, narrowed or sorted. */
export class AssaySearchEvent extends Event {
  readonly terms: SearchTerms;
  constructor(terms: SearchTerms) {
    super("assay-search", { bubbles: true, composed: true });
    this.terms = terms;
  }
}

/** Rows of a result were chosen, or no longer. */
export class AssaySelectionEvent extends Event {
  readonly sha256s: readonly string[];
  constructor(sha256s: readonly string[]) {
    super("assay-selection", { bubbles: true, composed: true });
    this.sha256s = sha256s;
  }
}

/** Other columns of a result are wanted. */
export class AssayColumnsEvent extends Event {
  readonly columns: readonly string[];
  constructor(columns: readonly string[]) {
    super("assay-columns", { bubbles: true, composed: true });
    this.columns = columns;
  }
}

/** Values of other fields are to be counted. */
export class AssayFacetsEvent extends Event {
  readonly fields: readonly string[];
  constructor(fields: readonly string[]) {
    super("assay-facets", { bubbles: true, composed: true });
    this.fields = fields;
  }
}

/** An example of the help is wanted in the query. */
export class AssayExampleEvent extends Event {
  readonly text: string;
  constructor(text: string) {
    super("assay-example", { bubbles: true, composed: true });
    this.text = text;
  }
}

/** A result is to be counted over another field. */
export class AssayHistogramFieldEvent extends Event {
  readonly field: string;
  constructor(field: string) {
    super("assay-histogram-field", { bubbles: true, composed: true });
    this.field = field;
  }
}

/** A saved search, a hunt or a list was made, changed or deleted. */
export class AssayShelfChangeEvent extends Event {
  readonly what: "search" | "hunt" | "list";
  constructor(what: "search" | "hunt" | "list") {
    super("assay-shelf-change", { bubbles: true, composed: true });
    this.what = what;
  }
}

/** Notifications were marked as read. */
export class AssayReadEvent extends Event {
  constructor() {
    super("assay-read", { bubbles: true, composed: true });
  }
}

/** A hunt came upon something just now. */
export class AssayNewsEvent extends Event {
  constructor() {
    super("assay-news", { bubbles: true, composed: true });
  }
}

/** Another list is to be open; none where the id is empty. */
export class AssayListEvent extends Event {
  readonly listId: string;
  constructor(listId: string) {
    super("assay-list", { bubbles: true, composed: true });
    this.listId = listId;
  }
}

/** Something was done to a whole result; what is found may differ now. */
export class AssayActedEvent extends Event {
  constructor() {
    super("assay-acted", { bubbles: true, composed: true });
  }
}
