import { SavedSearchId, Tlp } from "@assay/core";
import { z } from "zod";
import { optionalText, yesNo } from "./value.ts";

/** Names of this machine, to which keys may go in the clear. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** A partner that gets what is published. */
export const PartnerConfig = z.strictObject({
  /** Names it in the API and in the log. */
  name: z.string().regex(/^[a-z][a-z0-9-]{0,39}$/, "Expected small letters, digits and '-'"),
  /** `taxii`: objects go to a collection of a TAXII 2.1 server. `misp`: reports go to a MISP. */
  kind: z.enum(["taxii", "misp"]),
  /** The API root of the TAXII server, or the address of the MISP. */
  url: z.url().refine(
    isSafe,
    "Expected 'https:', or 'http:' to this machine, without user, query and fragment",
  ),
  /** For a TAXII server that asks for user and password: the user. */
  user: optionalText(),
  /** Key, or the user's password. Secret. */
  key: optionalText(),
  /** File that holds the key alone. */
  keyFile: optionalText(),
  /** Of the TAXII server: what it calls the collection. */
  collection: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,99}$/).nullable().default(null),
  /** Nothing above it leaves. */
  tlp: Tlp.default("green"),
  /** A published search: only what it finds goes there. All of the level where null. */
  search: SavedSearchId.nullable().default(null),
  /** Also what was published before the partner was named. */
  backlog: yesNo().default(false),
}).refine(({ key, keyFile }) => (key === null) !== (keyFile === null), {
  path: ["key"],
  message: "Expected one of 'key' and 'keyFile'",
}).refine(({ kind, collection }) => (kind === "taxii") === (collection !== null), {
  path: ["collection"],
  message: "Expected the collection of a TAXII server, and none of a MISP",
});
/** A partner that gets what is published. */
export type PartnerConfig = z.output<typeof PartnerConfig>;

/** Keys never cross a network in the clear. */
function isSafe(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(text);
  const plain = username === "" && password === "" && search === "" && hash === "";
  return plain && (protocol === "https:" || protocol === "http:" && LOOPBACK.test(hostname));
}
