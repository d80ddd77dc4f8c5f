/**
 * Scans files with YARA-X in WebAssembly, for the sandbox: what `native.py` does where it can't, by the same protocol, a few
 * times slower.
 */
import { Compiler, initSync, type Rules } from "@virustotal/yara-x";
import { Buffer } from "node:buffer";
import type { BrokenRule, RuleMatch, ScanOrder } from "./protocol.ts";

const MOST_STRINGS = 20;
const MOST_DATA = 64;

/** What the library says of a matching rule. */
interface Matching {
  readonly identifier: string;
  readonly namespace: string;
  readonly tags: readonly string[];
  readonly metadata: readonly { readonly identifier: string; readonly value: unknown }[];
  readonly patterns: readonly {
    readonly identifier: string;
    readonly matches: readonly { readonly offset: number; readonly length: number }[];
  }[];
}

const order = JSON.parse(await new Response(Deno.stdin.readable).text()) as ScanOrder & {
  readonly engine: string;
};
initSync({ module: Deno.readFileSync(order.engine) });
const { rules, broken } = build(order.rules);
say({ broken });
const scanner = rules.scanner();
scanner.setTimeoutMs(order.timeoutSeconds * 1000);
for (const path of order.samples) {
  try {
    const bytes = Deno.readFileSync(path);
    const { matching_rules, matchingRules } = scanner.scan(bytes);
    say({
      path,
      matches: ((matchingRules ?? matching_rules ?? []) as Matching[]).map((rule) => describe(rule, bytes)),
    });
  } catch (cause) {
    say({ path, error: reasonOf(cause) });
  }
}

function build(sources: ScanOrder["rules"]): { rules: Rules; broken: BrokenRule[] } {
  const compiler = new Compiler();
  const broken: BrokenRule[] = [];
  for (const { name, text } of sources) {
    compiler.newNamespace(name);
    try {
      compiler.addSource(text);
    } catch (cause) {
      // The rules of the source that are sound are in all the same.
      broken.push({ source: name, rule: null, line: null, message: reasonOf(cause) });
    }
  }
  return { rules: compiler.build(), broken };
}

function describe(rule: Matching, bytes: Uint8Array): RuleMatch {
  const all = rule.patterns.flatMap(({ identifier, matches }) =>
    matches.map((match) => ({ id: identifier, ...match }))
  );
  return {
    rule: rule.identifier,
    namespace: rule.namespace,
    tags: [...rule.tags],
    meta: Object.fromEntries(rule.metadata.map(({ identifier, value }) => [identifier, value])),
    strings: all.slice(0, MOST_STRINGS).map(({ id, offset, length }) => ({
      id,
      offset,
      length,
      data: Buffer.from(bytes.subarray(offset, offset + Math.min(length, MOST_DATA))).toString("hex"),
    })),
    count: all.length,
  };
}

function say(message: unknown): void {
  const line = new TextEncoder().encode(`${JSON.stringify(message)}\n`);
  for (let at = 0; at < line.length;) at += Deno.stdout.writeSync(line.subarray(at));
}

function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).slice(0, 1000);
}
