import type { ModuleRun, ObservableKind, Observation } from "@assay/core";
import { type Indicator, type IndicatorType, indicatorTypes } from "./model.ts";
import { byText, unique } from "./order.ts";
import { shown } from "./shown.ts";

/** Indicators of a report at most. */
export const MOST_INDICATORS = 5000;

/** Indicators, and for each module the places of what it saw in them. */
export interface Indicators {
  readonly indicators: readonly Indicator[];
  readonly byModule: ReadonlyMap<string, readonly number[]>;
  /** How many there were before the cap. */
  readonly total: number;
}

interface Gathered {
  readonly type: IndicatorType;
  readonly value: string;
  readonly sources: Set<string>;
  readonly modules: Set<string>;
  used: boolean;
}

/** What the modules saw the sample mention or touch, each once; where there are too many, what was used comes before what was mentioned. */
export function gatherIndicators(runs: readonly ModuleRun[]): Indicators {
  const gathered = new Map<string, Gathered>();
  for (const run of runs) {
    if (run.status !== "ok") continue;
    for (const observation of run.observations) {
      if (observation.type === "observable") gather(gathered, run, observation);
    }
  }
  const kept = [...gathered.values()]
    .sort((a, b) => Number(b.used) - Number(a.used) || byPlace(a, b))
    .slice(0, MOST_INDICATORS)
    .sort(byPlace);
  const byModule = Map.groupBy(
    kept.flatMap(({ modules }, place) => [...modules].map((module) => ({ module, place }))),
    ({ module }) => module,
  );
  return {
    indicators: kept.map(({ type, value, sources, used }) => ({
      type,
      value,
      sources: unique(sources),
      seen: used ? "used" : "mentioned",
    })),
    byModule: new Map([...byModule].map(([module, places]) => [module, places.map(({ place }) => place)])),
    total: gathered.size,
  };
}

function gather(
  gathered: Map<string, Gathered>,
  run: ModuleRun,
  { kind, value: raw, source }: Extract<Observation, { type: "observable" }>,
): void {
  const value = spelledOut(kind, shown(raw.trim()));
  if (value === "") return;
  const type = typeOf(kind, value);
  const key = `${type}\n${value}`;
  let one = gathered.get(key);
  if (one === undefined) {
    gathered.set(key, one = { type, value, sources: new Set(), modules: new Set(), used: false });
  }
  const place = source ? shown(source, 100) : null;
  one.sources.add(place ? `${run.module} (${place})` : run.module);
  one.modules.add(run.module);
  one.used ||= run.category === "sandbox" || source === "config";
}

function typeOf(kind: ObservableKind, value: string): IndicatorType {
  return kind === "ip" ? value.includes(":") ? "ipv6-addr" : "ipv4-addr" : kind;
}

const HIVES: Readonly<Record<string, string>> = {
  HKLM: "HKEY_LOCAL_MACHINE",
  HKCU: "HKEY_CURRENT_USER",
  HKCR: "HKEY_CLASSES_ROOT",
  HKU: "HKEY_USERS",
  HKCC: "HKEY_CURRENT_CONFIG",
};

function spelledOut(kind: ObservableKind, value: string): string {
  if (kind !== "registry") return value;
  return value.replace(/^(HKLM|HKCU|HKCR|HKU|HKCC)(?=\\|$)/i, (hive) => HIVES[hive.toUpperCase()]!);
}

function byPlace(a: Gathered, b: Gathered): number {
  return indicatorTypes.indexOf(a.type) - indicatorTypes.indexOf(b.type) || byText(a.value, b.value);
}
