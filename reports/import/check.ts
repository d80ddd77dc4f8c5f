import type { StixObject } from "../stix/object.ts";
import type { StixSchemas } from "../stix/schemas.ts";

/** Types that something is taken from; all others say nothing of files. */
export const USED_TYPES: readonly string[] = [
  "artifact",
  "file",
  "grouping",
  "indicator",
  "malware",
  "malware-analysis",
  "marking-definition",
  "note",
  "observed-data",
  "relationship",
  "report",
];

const LONGEST_NAME = 250;
const ID =
  /^([a-z][a-z0-9-]{1,248})--[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Pairs of times of which the first may not be after the second. */
const ORDER = [
  ["created", "modified"],
  ["valid_from", "valid_until"],
  ["analysis_started", "analysis_ended"],
  ["first_observed", "last_observed"],
] as const;

/** What properties may point at, as far as they are followed. */
const TARGETS: Readonly<Record<string, readonly string[]>> = {
  sample_ref: ["file", "artifact", "network-traffic"],
  sample_refs: ["file", "artifact"],
};

/** What is wrong with an object before anything else may look at it; null where nothing is. */
export function shapeProblemOf(value: unknown): string | null {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return "expected an object";
  const { type, id } = value as Record<string, unknown>;
  if (typeof type !== "string" || type.length > LONGEST_NAME) return "type: expected a text";
  if (typeof id !== "string" || id.length > LONGEST_NAME || ID.exec(id)?.[1] !== type) {
    return `id: expected '${type.slice(0, 60)}--' and a UUID in small letters`;
  }
  return longestKey(value) > LONGEST_NAME
    ? `names of properties: expected at most ${LONGEST_NAME} characters`
    : null;
}

/** What is wrong with an object of a partner, by OASIS's schema of its type and by what that lets through. */
export function problemsOf(object: StixObject, schemas: StixSchemas): string[] {
  return [...schemas.findReceivedProblems(object), ...timeProblems(object), ...targetProblems(object)];
}

function timeProblems(object: StixObject): string[] {
  return ORDER.flatMap(([before, after]) => {
    const [first, second] = [object[before], object[after]].map((time) =>
      time === undefined ? undefined : Date.parse(String(time))
    );
    if (Number.isNaN(first)) return [`${before}: expected a real time, got '${object[before]}'`];
    if (Number.isNaN(second)) return [`${after}: expected a real time, got '${object[after]}'`];
    return first !== undefined && second !== undefined && first > second
      ? [`${after}: expected '${object[before]}' or later, got '${object[after]}'`]
      : [];
  });
}

function targetProblems(object: StixObject): string[] {
  return Object.entries(TARGETS).flatMap(([name, types]) =>
    [object[name] ?? []].flat().flatMap((id) =>
      types.includes(String(id).split("--")[0]!)
        ? []
        : [`${name}: expected ${types.join(" or ")}, got '${id}'`]
    )
  );
}

function longestKey(value: unknown): number {
  if (value === null || typeof value !== "object") return 0;
  let longest = 0;
  for (const [key, inner] of Object.entries(value)) {
    longest = Math.max(longest, key.length, longestKey(inner));
  }
  return longest;
}
