import canonicalize from "canonicalize";
import { parse, v5 } from "uuid";

/** Namespace of ids of observables (STIX 2.1, 2.9). */
const OBSERVABLES = parse("00abedb4-aa42-466c-9c01-fed23315a9b7");
/** Namespace of every other id that Assay makes. It never changes: ids that are out would. */
const OURS = parse("4b494d50-641d-4ff9-a4e4-51eee068c6ca");

const utf8 = new TextEncoder();

/** Properties that make the id of an observable (STIX 2.1, 6), for the types that Assay writes. */
const CONTRIBUTING: Readonly<Record<string, readonly string[]>> = {
  directory: ["path"],
  "domain-name": ["value"],
  "email-addr": ["value"],
  file: ["hashes", "name", "parent_directory_ref", "extensions"],
  "ipv4-addr": ["value"],
  "ipv6-addr": ["value"],
  mutex: ["name"],
  url: ["value"],
  "windows-registry-key": ["key", "values"],
};

/** True for a type of cyber observable that Assay writes. */
export function isObservable(type: string): boolean {
  return Object.hasOwn(CONTRIBUTING, type);
}

/**
 * The id of an observable: UUIDv5 over the canonical JSON (RFC 8785) of those contributing properties that it has, of its digests the
 * first of MD5, SHA-1, SHA-256 and SHA-512. @throws {TypeError} for a type that Assay doesn't write or without any of them
 */
export function observableId(type: string, properties: Readonly<Record<string, unknown>>): string {
  const contributing = (CONTRIBUTING[type] ?? []).flatMap((name) => {
    const value = properties[name];
    return value === undefined ? [] : [[name, name === "hashes" ? oneDigest(value) : value] as const];
  });
  if (contributing.length === 0) throw new TypeError(`Cannot make an id of '${type}': no property makes one`);
  return `${type}--${v5(utf8.encode(canonicalize(Object.fromEntries(contributing))), OBSERVABLES)}`;
}

/** An id of ours for what these words name: the same words, the same id. */
export function ownId(type: string, ...words: readonly string[]): string {
  return `${type}--${v5(utf8.encode(JSON.stringify([type, ...words])), OURS)}`;
}

function oneDigest(hashes: unknown): unknown {
  const all = hashes as Readonly<Record<string, string>>;
  const first = ["MD5", "SHA-1", "SHA-256", "SHA-512"].find((algorithm) => all[algorithm] !== undefined);
  return first === undefined ? all : { [first]: all[first] };
}
