import type { Report } from "@assay/core";
import type { Elasticsearch, SampleFacts } from "@assay/infra";
import { submissionOf } from "../../../infra/elasticsearch/document.ts";
import { randomOf } from "./random.ts";
import { reportOf } from "./report.ts";
import type { Templates } from "./templates.ts";

/** How far an index has been filled; kept in a file, so that filling goes on where it stopped. */
interface Progress {
  /** Time of the newest report, milliseconds since the epoch. */
  readonly now: number;
  readonly stored: number;
}

/** What filling took. */
export interface Built {
  readonly reports: number;
  readonly seconds: number;
  readonly now: number;
}

const BATCH = 500;
/** Made while the one before is being stored. */
const AT_ONCE = 2;

/** Stores reports, each its sample's newest, until there are `count`, as the worker does but in larger batches. */
export async function buildTo(
  count: number,
  { reports }: Elasticsearch,
  templates: Templates,
  file: string,
): Promise<Built> {
  let { now, stored } = await progressOf(file);
  const began = performance.now();
  const first = stored;
  const ended = new Set<number>();
  let next = stored;
  const build = async () => {
    while (next < count) {
      const from = next;
      next = Math.min(count, from + BATCH);
      const made = Array.from({ length: next - from }, (_, i) => reportOf(from + i, templates, now));
      const facts = made.map((report) => factsOf(report, now));
      const { failed } = await reports.store(made, () => Promise.resolve(facts));
      if (failed.size > 0) throw new Error(`Cannot store ${failed.size} reports: ${[...failed.values()][0]}`);
      ended.add(from);
      while (ended.delete(stored)) stored = Math.min(count, stored + BATCH);
      await Deno.writeTextFile(file, JSON.stringify({ now, stored }));
      const rate = (stored - first) / (performance.now() - began) * 1000;
      await Deno.stdout.write(
        new TextEncoder().encode(`\r${stored} of ${count} reports, ${rate.toFixed(0)}/s `),
      );
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, build));
  if (stored > first) console.log();
  return { reports: stored - first, seconds: (performance.now() - began) / 1000, now };
}

/** Most samples are handed in once; some by several, at other levels. */
function factsOf(report: Report, now: number): SampleFacts {
  const random = randomOf(Number.parseInt(report.sha256.slice(0, 7), 16));
  const more = random.chance(0.15) ? 1 + random.below(3) : 0;
  const others = Array.from({ length: more }, () => {
    const { owner, submitter, tlp, tags, name } = reportOf(
      random.below(1e6),
      { ...none, programs: [report] },
      now,
    );
    return { ...submissionOf(report), owner, submitter, tlp, tags, name };
  });
  return {
    sha256: report.sha256,
    size: report.size,
    firstSeen: report.submitted,
    revision: 1,
    submissions: [submissionOf(report), ...others],
    notes: [],
    tags: [],
  };
}

const none = { programs: [], others: [], strings: [] };

async function progressOf(file: string): Promise<Progress> {
  try {
    return JSON.parse(await Deno.readTextFile(file));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    return { now: Date.now(), stored: 0 };
  }
}
