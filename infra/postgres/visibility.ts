import { tlpRank, type Visibility } from "@assay/core";
import type { Fragment, Sql } from "./connect.ts";

/**
 * The condition that a row with a `tlp` and an `owner` (a submission, a note, a tag) is visible: the one place where the rule
 * becomes SQL.
 */
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

/** The condition that one of the submissions of the sample of that digest is visible. */
export function visibleSample(sql: Sql, sha256: Fragment, visibility: Visibility): Fragment {
  return sql`exists (select from tasks t join submissions s on s.id = t.submission_id
    where t.sha256 = ${sha256} and ${visible(sql, visibility)})`;
}
