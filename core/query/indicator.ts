import { isCidr, isIp } from "./value.ts";

/** What a word of free text looks like, so that it is looked for where such values are kept. */
export type Indicator =
  | "md5"
  | "sha1"
  | "sha256"
  | "sha512"
  | "ip"
  | "cidr"
  | "url"
  | "domain"
  | "email"
  | "attack";

const digests: Readonly<Record<number, Indicator>> = { 32: "md5", 40: "sha1", 64: "sha256", 128: "sha512" };

/** Tells what a word looks like; null for an ordinary word. */
export function indicatorOf(text: string): Indicator | null {
  if (text.length > 4096) return null;
  if (/^[0-9a-f]+$/i.test(text)) return digests[text.length] ?? null;
  if (isIp(text)) return "ip";
  if (isCidr(text)) return "cidr";
  if (/^[a-z][a-z0-9+.-]{1,15}:\/\/\S/i.test(text)) return "url";
  if (/^[^\s@]{1,64}@[^\s@]{1,253}$/.test(text)) return "email";
  if (/^t\d{4}(\.\d{3})?$/i.test(text)) return "attack";
  if (text.length <= 253 && /^([a-z0-9_]([a-z0-9_-]{0,62})?\.)+[a-z][a-z0-9-]{1,62}$/i.test(text)) {
    return "domain";
  }
  return null;
}

/** True for a digest of a whole file. */
export function isDigest(text: string): boolean {
  return /^[0-9a-f]+$/i.test(text) && digests[text.length] !== undefined;
}
