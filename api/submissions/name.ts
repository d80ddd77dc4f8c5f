import { MAX_NAME_LENGTH } from "@assay/core";

/**
 * A file name as it is kept: text, never a path. Longer ones are cut and marked with `…`; what no store can hold
 * (NUL, lone surrogates) becomes U+FFFD. Null where there is nothing left.
 */
export function keepName(given: string | null | undefined): string | null {
  if (!given) return null;
  const text = given.slice(0, MAX_NAME_LENGTH + 1).replaceAll("\0", "\ufffd");
  return (text.length > MAX_NAME_LENGTH ? `${text.slice(0, MAX_NAME_LENGTH - 1)}…` : text).toWellFormed();
}
