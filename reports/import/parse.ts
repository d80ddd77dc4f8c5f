import { UnreadableImportError } from "@assay/core";

/** Levels of lists and tables within each other. */
const DEEPEST = 40;

const [QUOTE, BACKSLASH] = [0x22, 0x5c];
const OPENING = new Set([0x5b, 0x7b]);
const CLOSING = new Set([0x5d, 0x7d]);

/**
 * The JSON of a partner's file. Its depth is looked at before it is read: what comes after walks down into it.
 * @throws {UnreadableImportError} where it is too deep, no UTF-8 or no JSON
 */
export function parseJson(bytes: Uint8Array): unknown {
  if (depthOf(bytes) > DEEPEST) {
    throw new UnreadableImportError(`Cannot read JSON: expected at most ${DEEPEST} levels`);
  }
  try {
    return JSON.parse(decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    // The message of the parser shows what it met, which may be anything.
    const position = /at position (\d+)/.exec(error.message)?.[1];
    throw new UnreadableImportError(
      `Cannot read JSON: expected valid JSON${
        position === undefined ? "" : `, it breaks off at ${position}`
      }`,
    );
  }
}

/** Text of a partner's file. @throws {UnreadableImportError} where it is no UTF-8 */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UnreadableImportError("Cannot read file: expected UTF-8");
  }
}

function depthOf(bytes: Uint8Array): number {
  let [depth, deepest, inText] = [0, 0, false];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (inText) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) inText = false;
    } else if (byte === QUOTE) inText = true;
    else if (OPENING.has(byte)) deepest = Math.max(deepest, ++depth);
    else if (CLOSING.has(byte)) depth--;
  }
  return deepest;
}
