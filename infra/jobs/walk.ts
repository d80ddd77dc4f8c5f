import type { ListId, QueryMode, Sha256 } from "@assay/core";
import { z } from "zod";
import type { Search, SearchHit } from "../elasticsearch/repositories.ts";
import type { SampleLists } from "../postgres/lists.ts";
import type { Keys, KeyScope } from "../postgres/repositories.ts";
import { type Asker, askerOf } from "./asker.ts";
import type { RunningJob } from "./kind.ts";

/** Hits done at once; after each page the job can go on from there. */
const PAGE = 100;

/** What is walked over: what a search finds, these samples, or those of a list. */
export interface WalkTarget {
  readonly q?: string | undefined;
  readonly mode: QueryMode;
  readonly sha256s?: readonly Sha256[] | undefined;
  readonly list?: ListId | undefined;
  readonly scope: "samples" | "reports";
}

/** What a walk needs. */
export interface WalkStores {
  readonly keys: Pick<Keys, "find">;
  readonly search: Pick<Search, "walk">;
  readonly lists: Pick<SampleLists, "samples">;
}

/** Where to go on: among these samples, in a list, or in a search. */
const Place = z.union([
  z.int(),
  z.string(),
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
  /** Hits before this page. */
  readonly done: number;
  /** What pages before this one counted. */
  readonly counts: Readonly<Record<string, number>>;
  readonly asker: Asker;
}

/**
 * Walks everything of a target that the key which asked can see, ordered by digest but for samples that were named, and sums up what
 * `act` counts. What the key may see and do is asked anew for each page. Goes on from the last page done.
 */
export async function walkResult(
  job: RunningJob<WalkStores>,
  target: WalkTarget,
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
    const page = await pageOf(job, target, asker, state.place);
    const counts = await act({
      hits: page.hits,
      sha256s: [...new Set(page.hits.map(({ sha256 }) => sha256))],
      number: state.pages,
      done: state.done,
      counts: state.counts,
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
  job: RunningJob<WalkStores>,
  target: WalkTarget,
  asker: Asker,
  place: Place | null,
): Promise<{ hits: readonly SearchHit[]; place: Place | null }> {
  const { q, mode, sha256s, list, scope } = target;
  const { stores, signal } = job;
  if (sha256s !== undefined) {
    const at = typeof place === "number" ? place : 0;
    const hits = await hitsOf(job, sha256s.slice(at, at + PAGE), scope, asker);
    return { hits, place: at + PAGE < sha256s.length ? at + PAGE : null };
  }
  if (list !== undefined) {
    const request = { size: PAGE, ...(typeof place === "string" && { cursor: place }) };
    const page = await stores.lists.samples(list, request, asker.visibility);
    if (page === null) throw new Error(`Cannot find list '${list}'`);
    const hits = await hitsOf(job, page.items.map(({ sha256 }) => sha256), scope, asker);
    return { hits, place: page.cursor };
  }
  const walked = await stores.search.walk(
    { q: q ?? "", mode, scope, size: PAGE, signal, place: typeof place === "object" ? place : null },
    asker.visibility,
  );
  return { hits: walked.items, place: walked.place && { ...walked.place, after: [...walked.place.after] } };
}

/** Hits of at most a page of samples. */
async function hitsOf(
  { stores, signal }: RunningJob<WalkStores>,
  sha256s: readonly Sha256[],
  scope: WalkTarget["scope"],
  { visibility }: Asker,
): Promise<readonly SearchHit[]> {
  if (sha256s.length === 0) return [];
  const q = sha256s.map((sha256) => `sha256:${sha256}`).join(" OR ");
  const { items } = await stores.search.walk({ q, scope, size: PAGE, signal, place: null }, visibility);
  return items;
}
