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

/** Somebody wants to see something; cancel it to go there yourself. */
export class AssayNavigateEvent extends Event {
  readonly goal: { readonly kind: "report" | "sample"; readonly id: string };
  constructor(kind: "report" | "sample", id: string) {
    super("assay-navigate", { bubbles: true, composed: true, cancelable: true });
    this.goal = { kind, id };
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
