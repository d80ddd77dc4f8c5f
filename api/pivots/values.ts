import {
  type Clause,
  findingsOf,
  foundRuns,
  printQuery,
  type Query,
  type Report,
  type Sha256,
  type Visibility,
  wholeClause,
} from "@assay/core";
import type { Pivots } from "@assay/infra";

/** A value that a report found, and how many other samples have it. */
export interface CountedValue {
  readonly field: string;
  readonly value: string | number | boolean;
  /** Visible samples besides this one; null where no query may ask for the value. */
  readonly samples: number | null;
  /** Finds all that have it, this sample too; null as `samples`. */
  readonly query: string | null;
}

/** Values looked up for one answer. */
export const MAX_COUNTED = 5000;

/** Values with their counts, and how many there were before {@link MAX_COUNTED}. */
export interface Counted {
  readonly values: readonly CountedValue[];
  readonly total: number;
  /** Visible samples besides this one. */
  readonly others: number;
}

/** Counts the other samples that have the values of these fields; fields of few values before those of many, in case of too many. */
export async function countValues(
  report: Report,
  fields: readonly string[],
  pivots: Pick<Pivots, "count">,
  given: { except: Sha256; signal: AbortSignal },
  visibility: Visibility,
): Promise<Counted> {
  const findings = findingsOf(report, foundRuns(report), new Set());
  const all = fields.map((field) => [...findings.get(field) ?? []].map((value) => ({ field, value })))
    .sort((a, b) => a.length - b.length).flat();
  const values = all.slice(0, MAX_COUNTED);
  const clauses = values.map(({ field, value }) => wholeClause(field, value));
  const asked: Query[] = [{ type: "all" }, ...clauses.filter((clause): clause is Clause => clause !== null)];
  const [others, ...counts] = await pivots.count(asked, given, visibility);
  let next = 0;
  return {
    values: values.map((one, i) => {
      const clause = clauses[i]!;
      return clause === null
        ? { ...one, samples: null, query: null }
        : { ...one, samples: counts[next++]!, query: printQuery(clause) };
    }),
    total: all.length,
    others: others!,
  };
}
