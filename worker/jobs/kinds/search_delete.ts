import { actionScopes, SearchAction, type Sha256, type Task, type Visibility } from "@assay/core";
import { askerOf, removeTask, type WalkedPage, walkResult } from "@assay/infra";
import type { JobKind, RunningJob } from "../kind.ts";
import { actionOf } from "../action.ts";

/** Tasks of one sample looked at; one with more is not deleted whole, and says so. */
const MAX_TASKS = 1000;

/**
 * Deletes what a result shows: of samples every task and report that the key sees, and what nobody needs any more with
 * bytes and annotations; of reports these alone. What is still going on, or answers another's task, stays.
 */
export default {
  kind: "search.delete",
  async run(job) {
    const action = actionOf(job, "delete", SearchAction);
    await confirm(job, action);
    return await walkResult(job, action, [actionScopes[action.action]], async (page) => {
      const counts = { samples: page.sha256s.length, removedReports: 0, removedSamples: 0, kept: 0 };
      const found = await tasksOf(job, action, page);
      for (const task of found) {
        job.signal.throwIfAborted();
        await noteRemoval(job, page, task);
        const end = await removeTask(task, page.asker.visibility, job.stores);
        if (end === "removed") counts.removedReports++;
        else counts.kept++;
      }
      counts.removedSamples = (await job.stores.sampleFacts.removeUnused(page.sha256s)).length;
      return counts;
    });
  },
} satisfies JobKind;

/** What came in after the asker confirmed the number was not meant. */
async function confirm(job: RunningJob, { q, mode, sha256s, scope }: SearchAction): Promise<void> {
  if (job.checkpoint !== null || sha256s !== undefined) return;
  const { visibility } = await askerOf(job, [actionScopes.delete]);
  const request = { q: q ?? "", mode, scope, size: 1, show: "count", signal: job.signal } as const;
  const now = (await job.stores.search.search(request, visibility)).total.value;
  const { expected } = job.params;
  if (now === expected) return;
  throw new Error(`Cannot delete: ${expected} were confirmed, ${now} are found now; nothing was deleted`);
}

/** The tasks to delete; those that another's report answers come before the one that made it. */
async function tasksOf(
  job: RunningJob,
  { scope }: SearchAction,
  { hits, sha256s, asker: { visibility } }: WalkedPage,
): Promise<Task[]> {
  const found: Task[] = [];
  if (scope === "reports") {
    for (const { reportId } of hits) {
      const task = await job.stores.tasks.find(reportId, visibility);
      if (task) found.push(task);
    }
    return found;
  }
  for (const sha256 of sha256s) found.push(...await tasksOfSample(job, sha256, visibility));
  return found;
}

async function tasksOfSample(
  { stores }: RunningJob,
  sha256: Sha256,
  visibility: Visibility,
): Promise<Task[]> {
  const tasks: Task[] = [];
  for (let cursor: string | null = ""; cursor !== null && tasks.length < MAX_TASKS;) {
    const page: Awaited<ReturnType<typeof stores.tasks.list>> = await stores.tasks.list(
      { sha256 },
      { size: 100, ...(cursor && { cursor }) },
      visibility,
    );
    tasks.push(...page.items);
    cursor = page.cursor;
  }
  return tasks.sort((a, b) => Number(a.reportId === a.id) - Number(b.reportId === b.id));
}

async function noteRemoval(job: RunningJob, { asker }: WalkedPage, { id, sha256 }: Task): Promise<void> {
  await job.stores.audit.append({
    keyId: asker.by.id,
    keyName: asker.by.name,
    action: "task.delete",
    target: id,
    address: null,
    detail: { sha256, job: job.id },
  });
}
