import type { Match, Query } from "./ast.ts";

/** Writes a query as text that reads back as the same query; in mode `advanced` where it needed that before. */
export function printQuery(query: Query): string {
  switch (query.type) {
    case "all":
      return "";
    case "and":
      return query.of.map((part) => part.type === "or" ? `(${printQuery(part)})` : printQuery(part)).join(
        " AND ",
      );
    case "or":
      return query.of.map(printQuery).join(" OR ");
    case "not":
      return query.of.type === "and" || query.of.type === "or"
        ? `NOT (${printQuery(query.of)})`
        : `NOT ${printQuery(query.of)}`;
    case "clause":
      return (query.field === null ? "" : `${query.field}:`) + printMatch(query.match);
  }
}

function printMatch(match: Match): string {
  switch (match.type) {
    case "exists":
      return "*";
    case "equals":
      return (match.whole ? "=" : "") + printText(match.text);
    case "pattern":
      return match.parts.map((part) =>
        typeof part === "string" ? part.replace(/[^\p{L}\p{N}._]/gu, "\\$&") : part.wildcard
      ).join("");
    case "regexp":
      return `/${match.source.replace(/\\[\s\S]|\//g, (found) => found === "/" ? "\\/" : found)}/`;
    case "range": {
      const { from, to } = match;
      if (to === null) return from === null ? "*" : `>${from.inclusive ? "=" : ""}${printText(from.text)}`;
      if (from === null) return `<${to.inclusive ? "=" : ""}${printText(to.text)}`;
      const ends = `${printText(from.text)} TO ${printText(to.text)}`;
      return `${from.inclusive ? "[" : "{"}${ends}${to.inclusive ? "]" : "}"}`;
    }
  }
}

function printText(text: string): string {
  const plain = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*$/u.test(text) && !/^(AND|OR|NOT|TO)$/.test(text);
  return plain ? text : `"${text.replace(/["\\]/g, "\\$&")}"`;
}
