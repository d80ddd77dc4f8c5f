import { tlpRank, type Visibility } from "@assay/core";
import type { Fragment, Sql } from "./connect.ts";

/** The condition that a row of `submissions` (under that alias) is visible: the one place where the rule becomes SQL. */
export function visible(
  sql: Sql,
  visibility: Visibility,
  alias = "s",
): Fragment {
  const rank = tlpRank(visibility.maxTlp);
  return visibility.reader === null
    ? sql`${sql(alias)}.tlp <= ${rank}`
    : sql`(${sql(alias)}.tlp <= ${rank} or ${sql(alias)}.owner = ${visibility.reader})`;
}
