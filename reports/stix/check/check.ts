import type { StixBundle, StixObject } from "../object.ts";
import type { StixSchemas } from "../schemas.ts";
import { type Finding, StixError } from "./finding.ts";
import { checkId, checkIds } from "./ids.ts";
import { checkMarkings } from "./markings.ts";
import { checkPattern } from "./pattern.ts";
import { type BundleIds, checkReferences } from "./references.ts";
import { checkSize } from "./size.ts";
import { checkText } from "./text.ts";
import { checkTimes } from "./times.ts";
import { checkVocabulary } from "./vocabulary.ts";

/**
 * Checks a bundle by OASIS's schemas and by what they let through: ids and references, markings, times, patterns, vocabularies and text.
 * @throws {StixError} with everything that is wrong
 */
export function checkBundle(bundle: StixBundle, schemas: StixSchemas): void {
  // Nothing below meets text or lists of any length that come first.
  const tooLarge = checkSize(bundle);
  if (tooLarge.length > 0) throw new StixError(tooLarge);
  const ids = new Set(bundle.objects.map(({ id }) => id));
  const findings = [
    ...checkIds(bundle),
    ...bundle.objects.flatMap((object) => checkObject(object, ids, schemas)),
  ];
  if (findings.length > 0) throw new StixError(findings);
}

/** What is wrong with an object of a bundle that has these ids, by itself and in what it points at. */
export function checkObject(object: StixObject, ids: BundleIds, schemas: StixSchemas): Finding[] {
  return [
    ...checkId(object),
    ...schemas.findProblems(object),
    ...checkReferences(object, ids),
    ...checkMarkings(object, ids),
    ...checkTimes(object),
    ...checkPattern(object),
    ...checkVocabulary(object),
    ...checkText(object),
  ].map((problem) => ({ object: object.id, problem }));
}
