import type { StixObject } from "../object.ts";

/** Types in the order in which they stand in a bundle of many reports: what is pointed at comes before what points. */
const ORDER = [
  "marking-definition",
  "identity",
  "directory",
  "domain-name",
  "email-addr",
  "file",
  "ipv4-addr",
  "ipv6-addr",
  "mutex",
  "url",
  "windows-registry-key",
  "observed-data",
  "malware-analysis",
  "malware",
  "attack-pattern",
  "indicator",
  "relationship",
  "note",
  "report",
];

/**
 * An object as a line of a run: the place of its type, its id, a space and its JSON. Lines sort by their text, and so do objects.
 * @throws {RangeError} for a type that Assay doesn't write
 */
export function lineOf(object: StixObject): string {
  const place = ORDER.indexOf(object.type);
  if (place < 0) throw new RangeError(`Cannot merge '${object.type}': expected a type that Assay writes`);
  return `${String(place).padStart(2, "0")}${object.id} ${JSON.stringify(object)}`;
}

/** What lines of one object have in common: everything before the JSON. */
export function keyOf(line: string): string {
  return line.slice(0, line.indexOf(" "));
}

/** The JSON of the object on a line. */
export function jsonOf(line: string): string {
  return line.slice(line.indexOf(" ") + 1);
}

/** Lines of these objects as a run: sorted, each once. */
export function sortRun(objects: Iterable<StixObject>): string[] {
  const lines = new Set<string>();
  for (const object of objects) lines.add(lineOf(object));
  return [...lines].sort();
}
