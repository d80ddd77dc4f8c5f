import { defangText } from "../model/defang.ts";
import { hostsOf } from "../model/hosts.ts";
import type { Cell, ReportModel } from "../model/model.ts";
import type { Techniques } from "../stix/techniques.ts";
import type { ReadableOptions } from "../text/render.ts";
import { type Content, html, type Markup } from "./markup.ts";

/** How HTML is made: what it says, and what techniques are called where that is known. */
export interface HtmlOptions extends ReadableOptions {
  readonly techniques: Techniques | null;
}

/** What the parts of one report are made with. */
export interface Part extends HtmlOptions {
  readonly model: ReportModel;
  /** Text in which no link is left, unless links were asked for. */
  readonly safe: (text: string) => string;
  /** Level of the report's own heading. */
  readonly level: number;
  /** Before every id, so that many reports share a page. */
  readonly prefix: string;
}

/** What the parts of a report are made with. */
export function partOf(model: ReportModel, options: HtmlOptions, level: number, prefix: string): Part {
  const hosts = hostsOf(model);
  const safe = options.defang ? (text: string) => defangText(text, hosts) : (text: string) => text;
  return { ...options, model, safe, level, prefix };
}

/** A digest: on one line, smaller where it would not fit on paper, and chosen as a whole by one click. */
export function digest(value: string): Markup {
  return html`<code class="digest${value.length > 80 ? " long" : ""}">${value}</code>`;
}

/** Text of the sample in one width, so that its characters can be told apart, and kept from turning what is around it. */
export function code(text: string): Markup {
  return html`<code><bdi dir="ltr">${text}</bdi></code>`;
}

/** What matters less than what it stands beside; nothing of nothing. */
export function quiet(content: Content): Markup | null {
  return content === null || content === "" ? null : html`<span class="quiet">${content}</span>`;
}

/** A cell of a module's table. */
export function cell(value: Cell, safe: Part["safe"]): Content {
  if (value === null) return null;
  if (typeof value === "number" && !Number.isInteger(value)) return String(Number(value.toFixed(4)));
  return safe(String(value));
}

/** A number with commas between thousands, whatever the machine's language. */
export function count(value: number): string {
  return value.toLocaleString("en");
}

/** A word and how many of it: `1 file`, `2 files`. */
export function counted(value: number, word: string, many = `${word}s`): string {
  return `${count(value)} ${value === 1 ? word : many}`;
}

/** A time as people read it, in UTC: `2026-11-20 10:00:01 UTC`. */
export function time(value: string): Markup {
  return html`<time datetime="${value}">${value.slice(0, 19).replace("T", " ")} UTC</time>`;
}

/** How long something took. */
export function took(milliseconds: number): string {
  return milliseconds < 10_000 ? `${Math.round(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`;
}
