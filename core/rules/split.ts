/**
 * Cuts a source of YARA into its rules, each behind the source's imports, so that each can be compiled apart. Knows just enough of the
 * language to pass over comments, strings and regular expressions; what stands outside rules goes with the rule after it.
 */
export function splitRules(source: string): string[] {
  const imports = source.match(/^\s*import\s+"[^"\n]*"/gm)?.join("\n") ?? "";
  const rules: string[] = [];
  let start = 0;
  let depth = 0;
  for (let i = 0; i < source.length; i++) {
    const skipped = skip(source, i);
    if (skipped > i) {
      i = skipped - 1;
      continue;
    }
    if (source[i] === "{") depth++;
    if (source[i] !== "}") continue;
    depth = Math.max(0, depth - 1);
    if (depth > 0) continue;
    rules.push(`${imports}\n${source.slice(start, i + 1).replace(/^\s*import\s+"[^"\n]*"/gm, "")}`);
    start = i + 1;
  }
  return rules;
}

/** Where a comment, string or expression that starts here ends; the place itself where none starts. */
function skip(source: string, at: number): number {
  const rest = (end: string, from: number) => {
    const found = source.indexOf(end, from);
    return found < 0 ? source.length : found + end.length;
  };
  if (source.startsWith("//", at)) return rest("\n", at);
  if (source.startsWith("/*", at)) return rest("*/", at + 2);
  const quote = source[at];
  // A slash opens an expression only where a value may stand: behind `=`, `(` or `matches`.
  const opens = quote === '"' ||
    (quote === "/" && /(?:=|\(|\bmatches)\s*$/.test(source.slice(Math.max(0, at - 20), at)));
  if (!opens) return at;
  for (let i = at + 1; i < source.length && source[i] !== "\n"; i++) {
    if (source[i] === "\\") i++;
    else if (source[i] === quote) return i + 1;
  }
  return at + 1;
}
