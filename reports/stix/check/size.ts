import type { StixBundle } from "../object.ts";
import type { Finding } from "./finding.ts";

const MOST_OBJECTS = 50_000;
const LONGEST_ID = 250;
const LONGEST_KEY = 250;

/** Lengths that later checks rely on: expressions meet ids, types and keys only within them. */
export function checkSize(bundle: StixBundle): Finding[] {
  if (bundle.objects.length > MOST_OBJECTS) {
    return [{
      object: "bundle",
      problem: `objects: expected at most ${MOST_OBJECTS}, got ${bundle.objects.length}`,
    }];
  }
  return bundle.objects.flatMap((object): Finding[] => {
    const { type, id } = object;
    if (typeof id !== "string" || id.length > LONGEST_ID) {
      return [{ object: "bundle", problem: `id: expected a text of at most ${LONGEST_ID} characters` }];
    }
    if (typeof type !== "string" || type.length > LONGEST_KEY) {
      return [{ object: id, problem: `type: expected a text of at most ${LONGEST_KEY} characters` }];
    }
    return longestKey(object) > LONGEST_KEY
      ? [{ object: id, problem: `names of properties: expected at most ${LONGEST_KEY} characters` }]
      : [];
  });
}

function longestKey(value: unknown): number {
  if (value === null || typeof value !== "object") return 0;
  let longest = 0;
  for (const [key, inner] of Object.entries(value)) {
    longest = Math.max(longest, key.length, longestKey(inner));
  }
  return longest;
}
