/** Something wrong with an object of a bundle. */
export interface Finding {
  /** The object's id, or `bundle`. */
  readonly object: string;
  readonly problem: string;
}

/** Thrown instead of giving a bad bundle away; carries everything that is wrong with it. */
export class StixError extends Error {
  override readonly name = "StixError";
  readonly findings: readonly Finding[];

  constructor(findings: readonly Finding[]) {
    const [first] = findings;
    super(
      `Cannot give a STIX bundle: expected a valid one, got ${findings.length} problems, the first in '${first?.object}': ` +
        `${first?.problem}`,
    );
    this.findings = findings;
  }
}
