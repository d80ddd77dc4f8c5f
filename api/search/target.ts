import type { ListId, QueryMode, Sha256 } from "@assay/core";
import type { Context } from "hono";
import { readerOf } from "../access/reader.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import type { ApiEnvironment } from "../app/environment.ts";
import { signalOf } from "./counted.ts";

/** What something is to be done to: all that a search finds, these samples, or those of a list that the key sees. */
export interface CountedTarget {
  readonly q?: string | undefined;
  readonly mode: QueryMode;
  readonly sha256s?: readonly Sha256[] | undefined;
  readonly list?: ListId | undefined;
  readonly scope: "samples" | "reports";
}

/** Samples asked about at once. */
const AT_ONCE = 100;

/** How many samples or reports of a target the key sees now; of a list, counting stops once there are more than `most`. */
export async function countTarget(
  api: ApiDependencies,
  c: Context<ApiEnvironment>,
  { q, mode, sha256s, list, scope }: CountedTarget,
  most = Infinity,
): Promise<number> {
  const signal = signalOf(api, c);
  const reader = readerOf(c);
  const count = async (asked: { q: string; mode?: QueryMode }) => {
    const request = { ...asked, scope, size: 1, show: "count", signal } as const;
    return (await api.search.search(request, reader)).total.value;
  };
  const countSome = (some: readonly Sha256[]) =>
    some.length === 0 ? 0 : count({ q: some.map((sha256) => `sha256:${sha256}`).join(" OR ") });
  let sum = 0;
  if (sha256s !== undefined) {
    const wanted = [...new Set(sha256s)];
    for (let at = 0; at < wanted.length; at += AT_ONCE) {
      sum += await countSome(wanted.slice(at, at + AT_ONCE));
    }
    return sum;
  }
  if (list === undefined) return await count({ q: q ?? "", mode });
  for (let cursor: string | null = ""; cursor !== null && sum <= most;) {
    const request = { size: AT_ONCE, ...(cursor !== "" && { cursor }) };
    const page = await api.lists.samples(list, request, reader);
    sum += await countSome(page?.items.map(({ sha256 }) => sha256) ?? []);
    cursor = page?.cursor ?? null;
  }
  return sum;
}
