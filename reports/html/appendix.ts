import { shown } from "../model/shown.ts";
import { type Content, heading, html } from "./markup.ts";
import { count, type Part } from "./part.ts";

/** Lines of one module's raw output, and characters of a line. */
const MOST_LINES = 120;
const MOST_WIDTH = 400;

/** Rules that matched, and what modules gave as they gave it. */
export function appendix({ model, safe, level, prefix }: Part): Content {
  const raws = model.report.modules.flatMap((run) =>
    run.status === "ok" && run.raw !== null ? [{ module: run.module, lines: linesOf(run.raw) }] : []
  ).toSorted((a, b) => a.module < b.module ? -1 : a.module > b.module ? 1 : 0);
  return [
    model.rules.map(({ name, text }, i) =>
      html`
        ${heading(level + 2, `${prefix}rule-${i + 1}`, `Rule ${shown(name, 200)}`)}
        <pre>${safe(text)}</pre>
      `
    ),
    raws.map(({ module, lines }, i) =>
      html`
        ${heading(level + 2, `${prefix}raw-${i + 1}`, `Raw output of ${module}`)}
        <pre>${lines.slice(0, MOST_LINES).map((line) => safe(shown(line, MOST_WIDTH))).join(
          "\n",
        )}</pre>${lines.length > MOST_LINES
          ? html`<p class="quiet">${MOST_LINES} of ${
            count(lines.length)
          } lines shown; the JSON export has all.</p>`
          : null}
      `
    ),
  ];
}

function linesOf(raw: unknown): string[] {
  return JSON.stringify(raw, null, 2).split("\n");
}
