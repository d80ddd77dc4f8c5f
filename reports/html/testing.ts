import { refang } from "../model/defang.ts";
import type { IndicatorType, ReportModel } from "../model/model.ts";

/** The text of a piece of markup, as a browser has it. */
export function textOf(markup: string): string {
  const names: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" };
  return markup.replace(/<[^>]*>/g, "").replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => names[name]!);
}

/** The one element of that name, with its content; for elements that hold none of their kind. */
export function elementOf(page: string, start: string, name: string): string {
  const from = page.indexOf(start);
  return from < 0 ? "" : page.slice(from, page.indexOf(`</${name}>`, from));
}

const KINDS: Readonly<Record<string, IndicatorType>> = {
  URL: "url",
  domain: "domain",
  "IPv4 address": "ipv4-addr",
  "IPv6 address": "ipv6-addr",
  "email address": "email",
  registry: "registry",
  mutex: "mutex",
  path: "path",
  wallet: "wallet",
};

/** The kind that the caption of a table of indicators names, such as `3 domains`. */
export function kindOf(caption: string): IndicatorType {
  const word = Object.keys(KINDS).find((name) => caption.replace(/^[\d,]+ /, "").startsWith(name));
  return KINDS[word ?? ""]!;
}

/** Indicators as a reader of the page finds them, given back what defanging took: `type value`, sorted. */
export function readIndicators(page: string): string[] {
  const section = elementOf(page, '<section aria-labelledby="indicators">', "section");
  return section.split("<caption>").slice(1).flatMap((table) => {
    const type = kindOf(textOf(table.slice(0, table.indexOf("</caption>"))));
    return [...table.matchAll(/<th scope="row" class="code">(.*?)<\/th>/gs)]
      .map(([, cell]) => `${type} ${refang(type, textOf(cell!))}`);
  }).sort();
}

/** Indicators as the model has them: `type value`, sorted. */
export function indicatorsOf({ indicators }: ReportModel): string[] {
  return indicators.map(({ type, value }) => `${type} ${value}`).sort();
}

/** Elements and attributes that pages are made of; each attribute with what it may say. */
const ATTRIBUTES: Readonly<Record<string, RegExp>> = {
  "aria-labelledby": /^[a-z0-9-]+$/,
  charset: /^utf-8$/,
  class: /^[a-z -]*$/,
  content: /^[^<>"]*$/,
  datetime: /^[0-9T:.Z-]+$/,
  dir: /^ltr$/,
  href: /^#[a-z0-9-]+$/,
  "http-equiv": /^Content-Security-Policy$/,
  id: /^[a-z0-9-]+$/,
  lang: /^en$/,
  name: /^[a-z-]+$/,
  scope: /^(col|row)$/,
  src: /^data:image\/(png|jpeg|svg\+xml);base64,[A-Za-z0-9+/=]+$/,
  alt: /^$/,
};
const ELEMENTS: ReadonlySet<string> = new Set(
  ("html head meta title style body header main footer nav section article div p h1 h2 h3 h4 ol ul li a dl dt dd table caption thead tbody " +
    "tr th td code pre bdi span strong time blockquote img").split(" "),
);
const EMPTY: ReadonlySet<string> = new Set(["meta", "img"]);

/** What is wrong with a page: elements and attributes that no page of ours has, or that end where they should not. */
export function findFlaws(page: string): string[] {
  const flaws: string[] = [];
  const open: string[] = [];
  const bare = page.replace(/^<!DOCTYPE html>\n/, "").replace(/<style>[^<]*<\/style>/, "<style></style>");
  for (const [tag, slash, name, rest] of bare.matchAll(/<(\/?)([^\s>/]*)([^>]*)>?/g)) {
    if (!ELEMENTS.has(name!) || !tag.endsWith(">")) flaws.push(`unexpected ${tag}`);
    if (slash) {
      if (open.pop() !== name || rest !== "") flaws.push(`unexpected end ${tag}`);
      continue;
    }
    if (!EMPTY.has(name!)) open.push(name!);
    const left = rest!.replace(
      / ([a-z-]+)="([^"]*)"/g,
      (whole, attribute: string, value: string) => ATTRIBUTES[attribute]?.test(value) ? "" : whole,
    );
    if (left !== "") flaws.push(`unexpected attributes ${left} of ${name}`);
  }
  return [...flaws, ...open.map((name) => `no end of ${name}`)];
}
