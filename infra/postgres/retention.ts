import { type Sha256, type TaskId, tlpRank } from "@assay/core";
import type { RetentionRule } from "../config/retention.ts";
import type { Fragment, Sql } from "./connect.ts";
import { touchSamples } from "./enqueue.ts";
import { lockSamples } from "./lock.ts";
import { forgetEmptySubmissions, forgetSamples, noteRemoval } from "./removal.ts";

/** What a rule takes away. */
export type RetentionWhat = RetentionRule["what"];

/** Something that a rule takes away: a sample, its bytes, or one report of it. */
export interface Due {
  readonly sha256: Sha256;
  /** The report; null where it is about the sample. */
  readonly task: TaskId | null;
  /** Bytes in the sample store that go with it. */
  readonly bytes: number;
  readonly rule: string;
}

/** What a rule would take away. */
export interface RetentionPlan {
  readonly rule: string;
  readonly what: RetentionWhat;
  readonly count: number;
  readonly bytes: number;
  readonly first: readonly Due[];
}

/** One step of a run. */
export interface RetentionBatch {
  readonly removed: readonly Due[];
  /** Go on from here; null where nothing is left. */
  readonly after: string | null;
}

/** Takes away what rules say, and nothing that is held or that another submission still needs. */
export interface Retention {
  /** What would go now, by rule, with the first few of each. */
  plan(first: number): Promise<RetentionPlan[]>;
  /**
   * Takes away the next few, each with a line in the audit trail, in one transaction. Documents and bytes go after it, when the
   * outbox is relayed. A run stopped at any point can be done again.
   */
  next(what: RetentionWhat, after: string | null): Promise<RetentionBatch>;
  /** True where a job of it was made so many milliseconds ago or less. */
  ranWithin(milliseconds: number): Promise<boolean>;
  /** True where a job of it is waiting or running, or was left so. */
  isUnderway(): Promise<boolean>;
}

/** The order of a run: what goes whole needs no smaller steps. */
export const RETENTION_ORDER: readonly RetentionWhat[] = ["samples", "bytes", "reports"];

const AT_ONCE = 200;

interface DueRow {
  readonly at: string;
  readonly sha256: Sha256;
  readonly task: TaskId | null;
  readonly bytes: string;
  readonly rule: string;
}

/** Retention by these rules, on PostgreSQL. */
export function createRetention(pool: Sql, rules: readonly RetentionRule[]): Retention {
  const of = (...what: RetentionWhat[]) => rules.filter((rule) => what.includes(rule.what));

  function due(sql: Sql, what: RetentionWhat, only: Fragment): Fragment {
    if (what === "reports") return dueReports(sql, of("reports"), only);
    // Where some submissions of a sample want it gone and all others its bytes, nobody needs the bytes.
    return dueSamples(sql, what === "samples" ? of("samples") : of("bytes", "samples"), what, only);
  }

  return {
    async ranWithin(milliseconds) {
      return (await pool`
        select from jobs where kind = 'retention' and created > now() - ${milliseconds} * interval '1 millisecond'
        limit 1`).length > 0;
    },

    async isUnderway() {
      return (await pool`select from jobs where kind = 'retention' and status in ('pending', 'running') limit 1`)
        .length > 0;
    },

    async plan(first) {
      return await pool.begin(async (tx) => {
        const sql = tx as unknown as Sql;
        // Looks at everything.
        await sql`set local statement_timeout = 0`;
        const plans: RetentionPlan[] = [];
        for (const what of RETENTION_ORDER) {
          if (of(what).length === 0) continue;
          const rows = await sql<(DueRow & { count: string; sum: string })[]>`
            select * from (
              select d.*, count(*) over (partition by rule) as count, sum(bytes) over (partition by rule) as sum,
                row_number() over (partition by rule order by at) as place
              from (${due(sql, what, sql`true`)}) d) d
            where place <= ${Math.max(1, first)} order by rule, at`;
          for (const [rule, some] of Map.groupBy(rows, (row) => row.rule)) {
            const [{ count, sum }] = some as [typeof some[number]];
            const shown = some.slice(0, first).map(toDue);
            plans.push({ rule, what, count: Number(count), bytes: Number(sum), first: shown });
          }
        }
        return plans;
      }) as RetentionPlan[];
    },

    async next(what, after) {
      const rules = of(what);
      if (rules.length === 0) return { removed: [], after: null };
      const found = await pool<DueRow[]>`
        select * from (${due(pool, what, pool`true`)}) d
        where at > ${after ?? ""} order by at limit ${AT_ONCE}`;
      if (found.length === 0) return { removed: [], after: null };
      const removed = await pool.begin(async (tx) => {
        const sql = tx as unknown as Sql;
        const sha256s = [...new Set(found.map(({ sha256 }) => sha256))];
        await lockSamples(sql, sha256s);
        // Somebody may have submitted or held one meanwhile.
        const still = await sql<DueRow[]>`
          select * from (${due(sql, what, sql`m.sha256 = any(${sha256s as string[]})`)}) d
          where at = any(${found.map(({ at }) => at)})`;
        await take(sql, what, still);
        return still.map(toDue);
      }) as Due[];
      return { removed, after: found.at(-1)!.at };
    },
  };
}

async function take(sql: Sql, what: RetentionWhat, due: readonly DueRow[]): Promise<void> {
  if (due.length === 0) return;
  const sha256s = due.map(({ sha256 }) => sha256);
  await sql`insert into audit ${
    sql(due.map(({ sha256, task, bytes, rule }) => ({
      key_id: null,
      key_name: null,
      action: `retention.${what}`,
      target: task ?? sha256,
      address: null,
      detail: sql.json({ rule, bytes: Number(bytes), ...task === null ? {} : { sha256 } }),
    })))
  }`;
  if (what === "samples") {
    await forgetSamples(sql, sha256s);
  } else if (what === "bytes") {
    await sql`update samples set bytes_removed = now() where sha256 = any(${sha256s as string[]})`;
    await noteRemoval(sql, { bytes: sha256s });
  } else {
    const reports = due.flatMap(({ task }) => task === null ? [] : [task]);
    const gone = await sql<{ submission_id: string }[]>`
      delete from tasks where id = any(${reports as string[]}) returning submission_id`;
    await forgetEmptySubmissions(sql, gone.map((task) => task.submission_id));
    await noteRemoval(sql, { reports });
    await touchSamples(sql, sha256s);
  }
}

/** Samples of which every task is over and matched by one of the rules. */
function dueSamples(
  sql: Sql,
  rules: readonly RetentionRule[],
  what: RetentionWhat,
  only: Fragment,
): Fragment {
  return sql`
    select m.sha256 as at, m.sha256, null::text as task,
      case when m.bytes_removed is null then m.size else 0 end as bytes, n.rule
    from samples m cross join lateral (
      select ${ruleName(sql, rules)} as rule from tasks t join submissions s on s.id = t.submission_id
      where t.sha256 = m.sha256 order by t.id desc limit 1) n
    where ${only} and n.rule is not null and ${notHeld(sql)}
      ${what === "bytes" ? sql`and m.bytes_removed is null` : sql``}
      and not exists (
        select from tasks t join submissions s on s.id = t.submission_id
        where t.sha256 = m.sha256 and ${ruleName(sql, rules)} is null)`;
}

/** Tasks that made a report which is matched, is not the newest of its sample and answers no other task. */
function dueReports(sql: Sql, rules: readonly RetentionRule[], only: Fragment): Fragment {
  return sql`
    select t.id as at, t.sha256, t.id as task, 0 as bytes, ${ruleName(sql, rules)} as rule
    from samples m join tasks t on t.sha256 = m.sha256 join submissions s on s.id = t.submission_id
    where ${only} and t.report_id = t.id and ${ruleName(sql, rules)} is not null and ${notHeld(sql)}
      and exists (select from tasks newer where newer.sha256 = t.sha256 and newer.report_id = newer.id and newer.id > t.id)
      and not exists (select from tasks other where other.sha256 = t.sha256 and other.report_id = t.id and other.id <> t.id)`;
}

function notHeld(sql: Sql): Fragment {
  return sql`not exists (select from legal_holds h where h.sha256 = m.sha256)`;
}

/** The name of the first rule that matches task `t` of submission `s`; null where none does. */
function ruleName(sql: Sql, rules: readonly RetentionRule[]): Fragment {
  const cases = rules.map((rule) => sql`when ${matches(sql, rule)} then ${rule.name}::text`);
  if (cases.length === 0) return sql`null::text`;
  return sql`case ${cases.reduce((all, one) => sql`${all} ${one}`)} end`;
}

function matches(sql: Sql, { olderThan, tags, tlp, verdict }: RetentionRule): Fragment {
  return sql`(t.finished < now() - ${olderThan} * interval '1 millisecond'
    ${tlp.length === 0 ? sql`` : sql`and s.tlp = any(${tlp.map(tlpRank)}::int[])`}
    ${verdict.length === 0 ? sql`` : sql`and t.verdict = any(${[...verdict] as string[]}::text[])`}
    ${
    tags.length === 0 ? sql`` : sql`and (s.tags && ${[...tags]}::text[] or exists (
      select from sample_tags g where g.sha256 = t.sha256 and g.tag = any(${[...tags]}::text[])))`
  })`;
}

function toDue({ sha256, task, bytes, rule }: DueRow): Due {
  return { sha256, task, bytes: Number(bytes), rule };
}
