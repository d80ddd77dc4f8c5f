import type { StixBundle, StixObject } from "../object.ts";
import type { StixSchemas } from "../schemas.ts";
import { type Finding, StixError } from "./finding.ts";
import { checkIds } from "./ids.ts";
import { checkMarkings } from "./markings.ts";
import { checkPattern } from "./pattern.ts";
import { checkReferences } from "./references.ts";
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
  const objects = new Map(bundle.objects.map((object) => [object.id, object]));
  const findings = [
    ...checkIds(bundle),
    ...bundle.objects.flatMap((object) => checkObject(object, objects, schemas)),
  ];
  if (findings.length > 0) throw new StixError(findings);
}

function checkObject(
  object: StixObject,
  objects: ReadonlyMap<string, StixObject>,
  schemas: StixSchemas,
): Finding[] {
  return [
    ...schemas.findProblems(object),
    ...checkReferences(object, objects),
    ...checkMarkings(object, objects),
    ...checkTimes(object),
    ...checkPattern(object),
    ...checkVocabulary(object),
    ...checkText(object),
  ].map((problem) => ({ object: object.id, problem }));
}
