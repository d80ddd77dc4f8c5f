import { type Place, queryField, type SearchTerms } from "@assay/core";

/** What a piece of a query is, for its colour. */
export type TokenKind = "field" | "unknown" | "operator" | "value" | "phrase" | "sign" | "text" | "space";

/** A piece of a query. */
export interface Token extends Place {
  readonly kind: TokenKind;
}

/** A piece as it is drawn: in one colour, under a wave where the error is. */
export interface Piece {
  readonly text: string;
  readonly kind: TokenKind;
  readonly wrong: boolean;
}

const pieces = {
  space: /\s+/y,
  sign: /[()]|-(?=[^\s])/y,
  operator: /(?:AND|OR|NOT)(?=[\s()"]|$)/y,
  field: /[A-Za-z_][\w.-]*:(?!\/\/)/y,
  phrase: /"(?:\\[\s\S]|[^"\\])*"?/y,
  range: /[[{][^\]}]*[\]}]?/y,
  regexp: /\/(?:\\[\s\S]|[^/\\])*\/?/y,
  word: /(?:\\[\s\S]|[^\s()"\\])+|\\$/y,
} as const;

/** Cuts a query into coloured pieces. Takes what is not whole yet, and reads once from the left. */
export function tokensOf(text: string, mode: SearchTerms["mode"]): Token[] {
  if (mode === "exact") return text === "" ? [] : [{ kind: "phrase", start: 0, end: text.length }];
  const tokens: Token[] = [];
  let at = 0;
  let named = false;
  while (at < text.length) {
    const [kind, length] = readToken(text, at, named, mode);
    tokens.push({ kind, start: at, end: at + length });
    named = kind === "field" || kind === "unknown";
    at += length;
  }
  return tokens;
}

function readToken(
  text: string,
  at: number,
  named: boolean,
  mode: SearchTerms["mode"],
): readonly [TokenKind, number] {
  const take = (name: keyof typeof pieces) => {
    pieces[name].lastIndex = at;
    return pieces[name].exec(text)?.[0] ?? "";
  };
  const firstOf = (...names: (keyof typeof pieces)[]) => {
    for (const name of names) {
      const found = take(name);
      if (found !== "") return { name, found };
    }
    return { name: "word" as const, found: text[at]! };
  };
  if (named) {
    const { name, found } = firstOf(
      "space",
      "sign",
      "phrase",
      "range",
      ...(mode === "advanced" ? ["regexp" as const] : []),
      "word",
    );
    return [name === "space" || name === "sign" ? name : "value", found.length];
  }
  const { name, found } = firstOf("space", "sign", "operator", "field", "phrase", "word");
  if (name === "field") return [kindOfField(found.slice(0, -1)), found.length];
  return [name === "word" || name === "range" || name === "regexp" ? "text" : name, found.length];
}

function kindOfField(name: string): TokenKind {
  const known = name === "_exists_" || queryField(name) !== undefined;
  return known ? "field" : "unknown";
}

/** Cuts tokens where the error begins and ends. */
export function piecesOf(text: string, tokens: readonly Token[], error: Place | null): Piece[] {
  if (error === null) return tokens.map(({ kind, start, end }) => piece(text, kind, start, end, false));
  return tokens.flatMap(({ kind, start, end }) => {
    const from = Math.min(Math.max(error.start, start), end);
    const to = Math.max(from, Math.min(error.end, end));
    return [
      piece(text, kind, start, from, false),
      piece(text, kind, from, to, true),
      piece(text, kind, to, end, false),
    ].filter((one) => one.text !== "");
  });
}

function piece(text: string, kind: TokenKind, start: number, end: number, wrong: boolean): Piece {
  return { text: text.slice(start, end), kind, wrong };
}
