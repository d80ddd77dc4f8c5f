/** What separates cells, most usual first. */
const SEPARATORS = [",", ";", "\t"] as const;

/**
 * The rows of a table as text (RFC 4180), with commas, semicolons or tabs between cells, whichever the first line has most
 * of. A quote that is never closed takes the rest as its cell.
 */
export function* readCsv(text: string): Generator<string[]> {
  const separator = separatorOf(text);
  const plain = new RegExp(`[^${separator}\r\n]*`, "y");
  let row: string[] = [];
  for (let at = text.startsWith("\ufeff") ? 1 : 0; at <= text.length;) {
    if (text[at] === '"') {
      const end = endOfQuoted(text, at + 1);
      row.push(text.slice(at + 1, end).replaceAll('""', '"'));
      // What follows the closing quote belongs to no cell.
      at = endOf(plain, text, Math.min(end + 1, text.length));
    } else {
      const end = endOf(plain, text, at);
      row.push(text.slice(at, end));
      at = end;
    }
    if (text[at] === separator) {
      at++;
      continue;
    }
    if (at < text.length || row.length > 1 || row[0] !== "") yield row;
    row = [];
    at += text.startsWith("\r\n", at) ? 2 : 1;
  }
}

/** Where the text of a quoted cell ends, which begins here. */
function endOfQuoted(text: string, start: number): number {
  for (let at = start;;) {
    const quote = text.indexOf('"', at);
    if (quote < 0) return text.length;
    if (text[quote + 1] !== '"') return quote;
    at = quote + 2;
  }
}

function endOf(plain: RegExp, text: string, start: number): number {
  plain.lastIndex = start;
  plain.exec(text);
  return plain.lastIndex;
}

function separatorOf(text: string): string {
  const first = text.slice(0, 10_000).split(/[\r\n]/, 1)[0]!;
  const count = (separator: string) => first.split(separator).length;
  return SEPARATORS.toSorted((a, b) => count(b) - count(a))[0]!;
}
