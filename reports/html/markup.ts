import { shownLines } from "../model/shown.ts";

/** HTML that is whole and safe. Only {@link html} and {@link trusted} make it. */
class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

export type { Markup };

/** What stands between the pieces of a template: text of any origin, markup, or lists of both. */
export type Content = string | number | Markup | null | readonly Content[];

/**
 * Markup out of a template of ours. Every text in it is escaped for elements and quoted attributes, and what can't be seen in it is
 * shown, wherever it comes from; there is no other way from text to markup but {@link trusted}. How the template is indented
 * does not matter.
 */
export function html(pieces: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const flat = flatten(pieces);
  let text = flat[0]!;
  for (let i = 0; i < contents.length; i++) text += write(contents[i]!) + flat[i + 1]!;
  return new Markup(text);
}

const flattened = new WeakMap<TemplateStringsArray, readonly string[]>();

/** A template's own text with each line break and what indents the next line as one line break, and none at its start. */
function flatten(pieces: TemplateStringsArray): readonly string[] {
  let flat = flattened.get(pieces);
  if (flat === undefined) {
    flat = pieces.map((piece, i) =>
      piece.replace(i === 0 ? /^\s*\n\s*/ : /^(?!)/, "").replace(/\s*\n\s*/g, "\n")
    );
    flattened.set(pieces, flat);
  }
  return flat;
}

/** Markup out of a text of ours, such as a style sheet: never out of one that a sample, a key or the configuration gave. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

/** An element by the name that `level` gives it: `h1` to `h6`. */
export function heading(level: number, id: string, content: Content): Markup {
  const name = trusted(`h${Math.min(Math.max(Math.trunc(level), 1), 6)}`);
  return html`<${name} id="${id}">${content}</${name}>`;
}

/** Contents with something between them. */
export function join(contents: readonly Content[], between: string): Content {
  return contents.flatMap((content, i) => i === 0 ? [content] : [between, content]);
}

function write(content: Content): string {
  if (content === null) return "";
  if (typeof content === "number") return String(content);
  if (typeof content === "string") return escape(content);
  if (content instanceof Markup) return content.toString();
  let text = "";
  for (const one of content) text += write(one);
  return text;
}

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

function escape(text: string): string {
  // As long as it is: what was bounded before is not cut again.
  return shownLines(text, Infinity).replace(/[&<>"']/g, (character) => ESCAPES[character]!);
}
