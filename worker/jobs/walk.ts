import { type ActionTarget, type SearchAction, type Sha256 } from "@assay/core";
import type { KeyScope, SearchHit } from "@assay/infra";
import { z } from "zod";
import { type Asker, askerOf } from "./asker.ts";
import type { RunningJob } from "./kind.ts";

/** Hits done at once; after each page the job can go on from there. */
const PAGE = 100;

/** Where to go on: in a search, or in the list of samples. */
const Place = z.union([
  z.int(),
  z.object({ after: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])), now: z.number() }),
]);

const WalkState = z.object({
  /** Null before the first page. */
  place: Place.nullable(),
  /** True once the last page is done. */
  ended: z.boolean(),
  /** Pages done. */
  pages: z.int(),
  /** Hits done. */
  done: z.int(),
  counts: z.record(z.string(), z.int()),
});

/** One page of a result, as an action gets it. */
export interface WalkedPage {
  readonly hits: readonly SearchHit[];
  /** Each sample once. */
  readonly sha256s: readonly Sha256[];
  /** 0 for the first; the same again where a crash came between. */
  readonly number: number;
  readonly asker: Asker;
}

/** The parameters of a job as the action that it must be. @throws {Error} */
export function actionOf<A extends SearchAction["action"]>(
  job: RunningJob,
  action: A,
  schema: z.ZodType<SearchAction>,
): Extract<SearchAction, { action: A }> {
  const read = schema.safeParse(job.params["search"]);
  if (!read.success || read.data.action !== action) {
    throw new Error(`Cannot run '${action}': its parameters are not of that action`);
  }
  return read.data as Extract<SearchAction, { action: A }>;
}

/**
 * Walks everything that a search finds for the key that asked, ordered by digest, and sums up what `act` counts. What the
 * key may see and do is asked anew for each page. Goes on from the last page done.
 */
export async function walkResult(
  job: RunningJob,
  search: ActionTarget,
  scopes: readonly KeyScope[],
  act: (page: WalkedPage) => Promise<Record<string, number>>,
): Promise<Record<string, number>> {
  const total = typeof job.params["expected"] === "number" ? job.params["expected"] : null;
  let state: z.infer<typeof WalkState> = job.checkpoint === null
    ? { place: null, ended: false, pages: 0, done: 0, counts: {} }
    : WalkState.parse(job.checkpoint);
  while (!state.ended) {
    job.signal.throwIfAborted();
    const asker = await askerOf(job, scopes);
    const page = await pageOf(job, search, asker, state.place);
    const counts = await act({
      hits: page.hits,
      sha256s: [...new Set(page.hits.map(({ sha256 }) => sha256))],
      number: state.pages,
      asker,
    });
    const sums = { ...state.counts };
    for (const [name, count] of Object.entries(counts)) sums[name] = (sums[name] ?? 0) + count;
    state = {
      place: page.place,
      ended: page.place === null,
      pages: state.pages + 1,
      done: state.done + page.hits.length,
      counts: sums,
    };
    await job.progress(state.done, state.ended ? state.done : total, state);
  }
  return state.counts;
}

type Place = z.infer<typeof Place>;

async function pageOf(
  { stores, signal }: RunningJob,
  { q, mode, sha256s, scope }: ActionTarget,
  { visibility }: Asker,
  place: Place | null,
): Promise<{ hits: readonly SearchHit[]; place: Place | null }> {
  if (sha256s === undefined) {
    const walked = await stores.search.walk(
      { q: q ?? "", mode, scope, size: PAGE, signal, place: typeof place === "number" ? null : place },
      visibility,
    );
    return { hits: walked.items, place: walked.place && { ...walked.place, after: [...walked.place.after] } };
  }
  const at = typeof place === "number" ? place : 0;
  const some = sha256s.slice(at, at + PAGE).map((sha256) => `sha256:${sha256}`).join(" OR ");
  const { items } = await stores.search.walk({ q: some, scope, size: PAGE, signal, place: null }, visibility);
  return { hits: items, place: at + PAGE < sha256s.length ? at + PAGE : null };
}
