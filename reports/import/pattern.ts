import { algorithmOf, type Digest, digestOf } from "./hash.ts";

/** What a pattern names: digests of files, of which any one is enough; or why it says something else. */
export type PatternReading =
  | { readonly digests: readonly Digest[]; readonly others: readonly string[] }
  | { readonly why: string };

/** The longest pattern that is read, in characters. */
export const LONGEST_PATTERN = 2 ** 20;

const SPACE = /[ \t\r\n]*/y;
const PATH = /file:hashes\.(?:'([A-Za-z0-9_-]{1,60})'|([A-Za-z_][A-Za-z0-9_]{0,59}))/y;
const TEXT = /'((?:[^'\\]|\\['\\]){0,500})'/y;
const EQUALS = /==?/y;
const IN = /IN(?![A-Za-z0-9_])/y;
const OR = /OR(?![A-Za-z0-9_])/y;

/** What can't be told as a list of hashes. */
class OtherPatternError extends Error {
  override readonly name = "OtherPatternError";
}

/**
 * Reads the part of the pattern language of STIX 2.1 (9) that names files by their hashes: `[file:hashes.'SHA-256' = '…' OR
 * file:hashes.MD5 IN ('…', '…')] OR […]`. Anything else says more, or something else, than that each of the hashes is bad.
 */
export function readPattern(pattern: string): PatternReading {
  if (pattern.length > LONGEST_PATTERN) return { why: `is longer than ${LONGEST_PATTERN} characters` };
  const digests: Digest[] = [];
  const others = new Set<string>();
  const reader = makeReader(pattern);
  try {
    do {
      reader.need("[");
      do readComparison(reader, digests, others); while (reader.take(OR) !== null);
      reader.need("]");
    } while (reader.take(OR) !== null);
    reader.end();
  } catch (error) {
    if (error instanceof OtherPatternError) return { why: error.message };
    throw error;
  }
  return { digests, others: [...others] };
}

type Reader = ReturnType<typeof makeReader>;

function readComparison(reader: Reader, digests: Digest[], others: Set<string>): void {
  const path = reader.take(PATH) ?? reader.refuse("file:hashes");
  const name = path[1] ?? path[2]!;
  const values: string[] = [];
  const readText = () =>
    values.push((reader.take(TEXT) ?? reader.refuse("a text in quotes of at most 500 characters"))[1]!);
  if (reader.take(IN) !== null) {
    reader.need("(");
    do readText(); while (reader.has(","));
    reader.need(")");
  } else {
    if (reader.take(EQUALS) === null) reader.refuse("'=' or 'IN'");
    readText();
  }
  const algorithm = algorithmOf(name);
  if (algorithm === null) return void others.add(name);
  for (const value of values) {
    const digest = digestOf(value);
    if (digest?.algorithm !== algorithm) {
      throw new OtherPatternError(`expected the digits of a digest by ${name}, got '${value.slice(0, 80)}'`);
    }
    digests.push(digest);
  }
}

/** Reads a pattern from its start; each step skips the spaces before it. */
function makeReader(text: string) {
  let at = 0;
  const take = (token: RegExp): RegExpExecArray | null => {
    SPACE.lastIndex = at;
    SPACE.exec(text);
    token.lastIndex = SPACE.lastIndex;
    const found = token.exec(text);
    if (found !== null) at = token.lastIndex;
    return found;
  };
  const refuse = (wanted: string): never => {
    take(SPACE);
    const got = at === text.length ? "its end" : `'${text.slice(at, at + 40)}'`;
    throw new OtherPatternError(`expected ${wanted} at ${at}, got ${got}`);
  };
  const has = (sign: string): boolean => {
    take(SPACE);
    if (!text.startsWith(sign, at)) return false;
    at += sign.length;
    return true;
  };
  return {
    take,
    refuse,
    has,
    need: (sign: string) => has(sign) || refuse(`'${sign}'`),
    end: () => {
      take(SPACE);
      if (at < text.length) refuse("'OR' or the end");
    },
  };
}
