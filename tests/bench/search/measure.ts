import type { Visibility } from "@assay/core";
import type { SearchRequest } from "@assay/infra";
import type { Platform } from "../../platform/platform.ts";
import { randomOf } from "../generator/random.ts";
import { reportOf } from "../generator/report.ts";
import type { Templates } from "../generator/templates.ts";
import { type Capture, type Captured, mediaType } from "./capture.ts";
import { type Ask, type Kind, kinds } from "./kinds.ts";

/** What requests are measured on. */
export interface Bench {
  readonly platform: Platform;
  readonly elasticsearch: string;
  readonly capture: Capture;
  readonly templates: Templates;
  /** Key and view of a reader who sees GREEN and below. */
  readonly limited: { readonly key: string; readonly visibility: Visibility };
  readonly all: Visibility;
  readonly stored: number;
  readonly now: number;
  readonly repeats: number;
}

/** Milliseconds of one kind: by the API, and of the same request sent to Elasticsearch directly, pair by pair. */
export interface Measured {
  readonly kind: Kind;
  readonly api: readonly number[];
  readonly direct: readonly number[];
  /** Requests that found nothing. */
  readonly empty: number;
}

const WARM_UP = 5;

/** Measures every kind in turn, each request with values of another stored report. */
export async function measureAll(bench: Bench, show: (measured: Measured) => void): Promise<Measured[]> {
  const all: Measured[] = [];
  for (const [number, kind] of kinds.entries()) {
    const measured = await measure(kind, number, bench);
    show(measured);
    all.push(measured);
  }
  return all;
}

async function measure(kind: Kind, number: number, bench: Bench): Promise<Measured> {
  const random = randomOf(number * 7919 + bench.stored);
  const [api, direct]: [number[], number[]] = [[], []];
  let empty = 0;
  for (let i = -WARM_UP; i < bench.repeats; i++) {
    // Two requests of a kind, with different values: neither finds the other's answer in a cache.
    const first = kind.make(reportOf(random.below(bench.stored), bench.templates, bench.now), random);
    const second = kind.make(reportOf(random.below(bench.stored), bench.templates, bench.now), random);
    const captured = await bench.capture.of(
      requestOf(second),
      second.limited ? bench.limited.visibility : bench.all,
    );
    const asks = [
      async () => {
        const { milliseconds, total } = await askApi(first, bench);
        if (i >= 0) api.push(milliseconds);
        if (total === 0) empty++;
      },
      async () => {
        const milliseconds = await askElasticsearch(captured, bench.elasticsearch);
        if (i >= 0) direct.push(milliseconds);
      },
    ];
    for (const ask of i % 2 === 0 ? asks : asks.reverse()) await ask();
  }
  return { kind, api, direct, empty };
}

async function askApi(
  ask: Ask,
  { platform, limited }: Bench,
): Promise<{ milliseconds: number; total: number }> {
  const began = performance.now();
  const response = await platform.request(`${ask.path}?${new URLSearchParams(ask.parameters)}`, {
    ...ask.limited && { headers: { authorization: `Bearer ${limited.key}` } },
  });
  const text = await response.text();
  const milliseconds = performance.now() - began;
  if (!response.ok) throw new Error(`Cannot measure '${ask.parameters["q"]}': ${response.status} ${text}`);
  return { milliseconds, total: JSON.parse(text).total?.value ?? 1 };
}

/** The search alone. */
async function askElasticsearch({ method, path, body }: Captured, url: string): Promise<number> {
  const headers = { "content-type": mediaType, accept: mediaType };
  const began = performance.now();
  const response = await fetch(url + path, { method, headers, ...body && { body } });
  const text = await response.text();
  if (!response.ok) throw new Error(`Cannot ask Elasticsearch: ${response.status} ${text}`);
  JSON.parse(text);
  return performance.now() - began;
}

function requestOf({ parameters }: Ask): SearchRequest {
  const { q = "", scope = "samples", sort, size = "25", ...more } = parameters;
  return { q, scope: scope as "samples", size: Number(size), ...sort && { sort }, ...more };
}
