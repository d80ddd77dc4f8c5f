import type { ImportedHash } from "@assay/core";

/** Digits of the digests that the table of known hashes goes by. */
const DIGITS: Readonly<Record<string, ImportedHash["algorithm"]>> = { 32: "md5", 40: "sha1", 64: "sha256" };
/** Names in STIX and in others' files, without dashes and underscores, in small letters. */
const NAMES: Readonly<Record<string, ImportedHash["algorithm"]>> = {
  md5: "md5",
  sha1: "sha1",
  sha256: "sha256",
};

/** A digest under one of the names that are in use for it. */
export type Digest = Pick<ImportedHash, "algorithm" | "value">;

/** The digest that these digits are; null where they are none. */
export function digestOf(text: string): Digest | null {
  const algorithm = /^[0-9a-fA-F]+$/.test(text) ? DIGITS[text.length] : undefined;
  return algorithm === undefined ? null : { algorithm, value: text.toLowerCase() };
}

/** The algorithm of that name; null for one that known hashes don't go by. */
export function algorithmOf(name: string): ImportedHash["algorithm"] | null {
  return NAMES[name.toLowerCase().replace(/[-_ ]/g, "")] ?? null;
}

/** The digest that says most of one file: SHA-256, else SHA-1, else MD5. Null where there is none. */
export function strongestOf(hashes: unknown): Digest | null {
  if (hashes === null || typeof hashes !== "object") return null;
  const digests = Object.entries(hashes).flatMap(([name, value]) => {
    const algorithm = algorithmOf(name);
    const digest = algorithm === null || typeof value !== "string" ? null : digestOf(value);
    return digest?.algorithm === algorithm ? [digest!] : [];
  });
  return (["sha256", "sha1", "md5"] as const)
    .map((algorithm) => digests.find((digest) => digest.algorithm === algorithm))
    .find((digest) => digest !== undefined) ?? null;
}
