import type { Tlp } from "@assay/core";
import { shown } from "../model/shown.ts";
import { statementOf, strictest } from "../model/tlp.ts";
import type { Member, MemberFacts } from "./member.ts";

/** What the reader of a job is told of a report that is missing. */
export interface Failure {
  readonly reportId: string;
  readonly sha256: string;
  readonly reason: string;
}

/** What is said of an export as a whole. */
export interface Survey {
  /** The line that every export carries. */
  readonly statement: string;
  /** The most restricted level of what is inside. */
  readonly tlp: Tlp;
  /** The clearance that its reader needs: the most restricted level of what he doesn't see only because it is his own. */
  readonly needs: Tlp;
  readonly reports: number;
  readonly failed: number;
  /** The first reports that are missing. */
  readonly failures: readonly Failure[];
}

/** Failures that a job tells; a zip's manifest has all. */
const MOST_FAILURES = 20;

/** Looks over all members before their file begins, which says first what the last of them decides. */
export async function surveyOf(members: AsyncIterable<Member>): Promise<Survey> {
  const levels = new Set<Tlp>(["clear"]);
  const cleared = new Set<Tlp>(["clear"]);
  const failures: Failure[] = [];
  let [reports, failed] = [0, 0];
  for await (const member of members) {
    if (member.tlp !== null) levels.add(member.tlp);
    if (member.tlp !== null && member.cleared) cleared.add(member.tlp);
    if (member.failure === null) reports++;
    else if (++failed <= MOST_FAILURES) failures.push(failureOf(member));
  }
  const tlp = strictest([...levels]);
  return { statement: statementOf(tlp), tlp, needs: strictest([...cleared]), reports, failed, failures };
}

/** A report that is missing, and why, safe to show. */
export function failureOf({ reportId, sha256, failure }: MemberFacts): Failure {
  return { reportId, sha256, reason: shown(failure ?? "", 500) };
}
