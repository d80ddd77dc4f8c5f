/** One line of `doctor`. */
export interface Check {
  readonly group: "Tools" | "Parts" | "Running" | "Modules" | "Presets";
  readonly name: string;
  /** `missing` is needed; `absent` only costs what it is for. */
  readonly state: "ok" | "absent" | "missing";
  /** What was found, or what to do. */
  readonly detail: string;
}

/** The checks as a table, a group after the other. Text from outside is kept to one line. */
export function formatChecks(checks: readonly Check[]): string {
  const width = Math.max(...checks.map((check) => check.name.length), 0);
  const lines: string[] = [];
  for (const group of new Set(checks.map((check) => check.group))) {
    lines.push(...(lines.length === 0 ? [] : [""]), group);
    for (const { name, state, detail } of checks.filter((check) => check.group === group)) {
      lines.push(`  ${name.padEnd(width)}  ${state.padEnd(7)}  ${oneLine(detail)}`.trimEnd());
    }
  }
  return lines.join("\n");
}

function oneLine(text: string): string {
  // deno-lint-ignore no-control-regex -- what a tool or a module says may hold anything, escape sequences too
  return text.replace(/[\x00-\x1f\x7f-\x9f]+/g, " ").trim().slice(0, 400);
}
