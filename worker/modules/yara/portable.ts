/**
 * Scans files with YARA-X in WebAssembly, for the sandbox: what `native.py` does where it can't, by the same protocol, a few
 * times slower.
 */
import type { Rules } from "@virustotal/yara-x";
import { Buffer } from "node:buffer";
import type { BrokenRule, PortableOrder, RuleMatch } from "./protocol.ts";

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

const order = JSON.parse(await new Response(Deno.stdin.readable).text()) as PortableOrder;
const { Compiler, initSync } = await import(
  `file://${order.engine}/yara_x_js.js`
) as typeof import("@virustotal/yara-x");
initSync({ module: Deno.readFileSync(`${order.engine}/yara_x_js_bg.wasm`) });
const { rules, broken } = build(order.rules);
say({ broken });
const scanner = rules.scanner();
scanner.setTimeoutMs(order.timeoutSeconds * 1000);
for (const path of order.samples) {
  try {
    const bytes = Deno.readFileSync(path);
    const { matches } = scanner.scan(bytes) as { matches: readonly Matching[] };
    say({ path, matches: matches.map((rule) => describe(rule, bytes)) });
  } catch (cause) {
    say({ path, error: reasonOf(cause) });
  }
}

/** Compiles each source apart, and each rule of one that fails: this engine builds nothing that holds an error. */
function build(sources: PortableOrder["rules"]): { rules: Rules; broken: BrokenRule[] } {
  const compiler = new Compiler();
  const broken: BrokenRule[] = [];
  for (const { name, text, parts } of sources) {
    compiler.newNamespace(name);
    for (const part of whyBroken(text) === null ? [text] : parts) {
      const message = whyBroken(part);
      if (message === null) compiler.addSource(part);
      else broken.push({ source: name, rule: /\brule\s+(\w+)/.exec(part)?.[1] ?? null, line: null, message });
    }
  }
  return { rules: compiler.build(), broken };
}

function whyBroken(source: string): string | null {
  const compiler = new Compiler();
  try {
    compiler.addSource(source);
    return null;
  } catch (cause) {
    return reasonOf(cause);
  } finally {
    compiler.free();
  }
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
