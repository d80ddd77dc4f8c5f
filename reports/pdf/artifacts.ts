/**
 * Marks everything of a page's content stream that isn't marked yet as an artifact: backgrounds, lines and what stands in the margins. PDF/UA
 * wants all content to be tagged or an artifact, and Chromium leaves those bare.
 * @throws {SyntaxError} at an inline image, which Chromium never writes
 */
export function markArtifacts(content: Uint8Array): Uint8Array {
  const pieces: Uint8Array[] = [];
  let written = 0;
  let depth = 0;
  let open = false;
  const insert = (at: number, mark: Uint8Array) => {
    pieces.push(content.subarray(written, at), mark);
    written = at;
  };
  for (const { operator, start, end } of readOperations(content)) {
    if (operator === "BI") throw new SyntaxError(`Cannot mark content: unexpected inline image at ${start}`);
    if (BEGINS.has(operator)) {
      if (open) insert(start, END);
      open = false;
      depth++;
    } else if (operator === "EMC") {
      depth--;
    } else if (depth === 0 && (operator === "BT" || operator === "ET")) {
      // A mark that starts outside a text object may not end inside one, nor the other way round.
      if (open) insert(start, END);
      open = false;
    } else if (depth === 0 && !open && DRAWS.has(operator)) {
      insert(start, BEGIN);
      open = true;
    }
    if (open && PAINTED.has(operator)) {
      insert(end, END);
      open = false;
    }
  }
  if (open) insert(content.length, END);
  pieces.push(content.subarray(written));
  return concat(pieces);
}

const encoder = new TextEncoder();
const BEGIN = encoder.encode("/Artifact BMC\n");
const END = encoder.encode("\nEMC\n");

const BEGINS: ReadonlySet<string> = new Set(["BMC", "BDC"]);
/** Operators that begin a path, show text or paint an object. */
const DRAWS: ReadonlySet<string> = new Set(["m", "re", "Tj", "TJ", "'", '"', "Do", "sh"]);
/** Operators after which a path is done, or something is painted that isn't a path. Text goes on until its object ends. */
const PAINTED: ReadonlySet<string> = new Set("f F f* B B* b b* S s n Do sh".split(" "));

interface Operation {
  readonly operator: string;
  /** Where its first operand begins. */
  readonly start: number;
  readonly end: number;
}

/** Operators with where they and their operands stand; strings, names, arrays and dictionaries are passed over. */
function* readOperations(content: Uint8Array): Generator<Operation> {
  let at = 0;
  let start = -1;
  while (at < content.length) {
    const byte = content[at]!;
    if (isSpace(byte)) {
      at++;
      continue;
    }
    if (byte === PERCENT) {
      while (at < content.length && content[at] !== 10 && content[at] !== 13) at++;
      continue;
    }
    if (start < 0) start = at;
    if (byte === PAREN) {
      at = afterString(content, at);
    } else if (byte === LESS && content[at + 1] !== LESS) {
      at = content.indexOf(GREATER, at) + 1;
      if (at === 0) throw new SyntaxError("Cannot read content: a string does not end");
    } else if (byte === SLASH) {
      at++;
      while (at < content.length && isRegular(content[at]!)) at++;
    } else if (!isRegular(byte)) {
      at++;
    } else {
      const from = at;
      while (at < content.length && isRegular(content[at]!)) at++;
      if (isNumber(content[from]!)) continue;
      yield { operator: String.fromCharCode(...content.subarray(from, at)), start, end: at };
      start = -1;
    }
  }
}

const PAREN = 0x28;
const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const PERCENT = 0x25;
const BACKSLASH = 0x5c;

function afterString(content: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; at < content.length; at++) {
    const byte = content[at]!;
    if (byte === BACKSLASH) at++;
    else if (byte === PAREN) depth++;
    else if (byte === PAREN + 1 && --depth === 0) return at + 1;
  }
  throw new SyntaxError("Cannot read content: a string does not end");
}

function isSpace(byte: number): boolean {
  return byte === 32 || byte === 10 || byte === 13 || byte === 9 || byte === 12 || byte === 0;
}

function isRegular(byte: number): boolean {
  return !isSpace(byte) && !"()<>[]{}/%".includes(String.fromCharCode(byte));
}

function isNumber(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2b || byte === 0x2d || byte === 0x2e;
}

function concat(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
