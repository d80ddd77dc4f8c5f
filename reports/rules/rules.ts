import { type Report, splitRules } from "@assay/core";
import { type Config, readRuleSources, ruleDigest, type RuleSource } from "@assay/infra";
import { join } from "node:path";
import { z } from "zod";
import type { YaraRule } from "../model/model.ts";

/** The texts of YARA rules that may leave. */
export interface Rules {
  /** Those that a report's scan matched; none where it was made with other rules than these. */
  matched(report: Report): YaraRule[];
}

/** Characters of a rule that leaves. */
const LONGEST_RULE = 64 * 1024;

/** Where the rules lie that come with Assay. */
const OWN_FOLDER = join(import.meta.dirname!, "../../worker/modules/yara/rules");

/**
 * Reads the rules as the YARA module has them by its options. They are read once: rules that change later leave once the process is started anew.
 * @throws {Error} where they can't be read
 */
export async function openRules(
  which: Config["reports"]["rules"],
  options: Readonly<Record<string, unknown>>,
): Promise<Rules> {
  if (which === "none") return { matched: () => [] };
  const paths = z.array(z.string()).parse(options["rules"] ?? ["own"]);
  return rulesOf(which, await readRuleSources(paths, OWN_FOLDER));
}

/** The rules of these sources, as far as they may leave. */
export function rulesOf(which: "own" | "all", sources: readonly RuleSource[]): Rules {
  const definition = ruleDigest(sources);
  const texts = textsOf(sources, which);
  return {
    matched({ modules }) {
      const run = modules.find(({ module }) => module === "yara");
      if (run?.status !== "ok" || run.definition !== definition) return [];
      const names = new Set(run.observations.flatMap((one) => one.type === "detection" ? [one.label] : []));
      return [...names].flatMap((name) => {
        const text = texts.get(name);
        return text ? [{ name, text }] : [];
      });
    },
  };
}

/** Texts by name; null where the rule may not leave, or where its name doesn't say which of several it is. */
function textsOf(
  sources: readonly RuleSource[],
  which: "own" | "all",
): ReadonlyMap<string, string | null> {
  const texts = new Map<string, string | null>();
  for (const { own, text } of sources) {
    for (const rule of splitRules(text)) {
      const name = /^\s*(?:(?:private|global)\s+)*rule\s+(\w+)/m.exec(rule)?.[1];
      if (name === undefined) continue;
      const leaves = (own || which === "all") && rule.length <= LONGEST_RULE && !texts.has(name);
      texts.set(name, leaves ? `${rule.trim()}\n` : null);
    }
  }
  return texts;
}
