import { type Timestamp, tlpLevels } from "@assay/core";
import type { HeldObject, NewVersion } from "@assay/infra";
import { EPOCH } from "../stix/context.ts";
import { isObservable } from "../stix/id.ts";
import { markingId } from "../stix/marking.ts";
import type { StixObject } from "../stix/object.ts";

/**
 * The version that a collection must get of an object, null where it needs none. What has versions gets a later `modified` than the
 * one held, whatever it came with; what has none is one object with all that reports say of it. What is revoked stays so (STIX 2.1, 3.6).
 */
export function nextVersion(held: HeldObject | null, object: StixObject): NewVersion | null {
  if (held === null) return versionOf(object, false);
  if (held.revoked) return null;
  const before = JSON.parse(held.content) as StixObject;
  if (!isVersioned(object)) {
    const merged = isObservable(object.type) ? merge(before, object) : object;
    return JSON.stringify(merged) === held.content ? null : versionOf(merged, true);
  }
  const isLater = modifiedOf(object) > modifiedOf(before);
  const isSame = JSON.stringify({ ...object, modified: before["modified"] }) === held.content;
  if (isSame && !isLater) return null;
  return versionOf(isLater ? object : { ...object, modified: justAfter(modifiedOf(before)) }, false);
}

/**
 * The version that brings a collection to what another one of the same level holds, null where it needs none: a partner who reads both
 * gets one content for each version.
 */
export function versionLike(held: HeldObject | null, other: HeldObject): NewVersion | null {
  if (held?.content === other.content || held?.revoked || (held === null && other.revoked)) return null;
  const object = JSON.parse(other.content) as StixObject;
  return versionOf(object, other.revoked || !isVersioned(object));
}

/** Only its creator may revoke an object, and never one that other reports may need again: techniques, identities, families. */
export function isRevocable(object: StixObject): boolean {
  return isVersioned(object) && object["created_by_ref"] !== undefined && object["created"] !== EPOCH;
}

/** Properties that a revoked version keeps besides those of every object: what its type requires, or OASIS's validator asks for. */
const REQUIRED: Readonly<Record<string, readonly string[]>> = {
  indicator: ["name", "description", "pattern", "pattern_type", "valid_from"],
  malware: ["is_family"],
  "malware-analysis": ["product", "result"],
  note: ["content", "object_refs"],
  "observed-data": ["first_observed", "last_observed", "number_observed", "object_refs"],
  relationship: ["relationship_type", "source_ref", "target_ref"],
  report: ["name", "published", "object_refs"],
};
/** Stands where words were. */
const WITHDRAWN = "Withdrawn";
const WORDS = ["content", "description", "name"];

/** The last version of an object: revoked, and without all that it need not say. */
export function revokedVersion(object: StixObject, at: Timestamp): NewVersion {
  const { type, spec_version, id, created_by_ref, created, object_marking_refs } = object;
  const before = modifiedOf(object);
  const kept = (REQUIRED[type] ?? []).map((name) => [name, WORDS.includes(name) ? WITHDRAWN : object[name]]);
  return versionOf({
    type,
    spec_version,
    id,
    created_by_ref,
    created,
    modified: at > before ? at : justAfter(before),
    revoked: true,
    ...Object.fromEntries(kept),
    object_marking_refs,
  }, true);
}

function versionOf(object: StixObject, replaces: boolean): NewVersion {
  return {
    id: object.id,
    type: object.type,
    specVersion: String(object["spec_version"] ?? "2.1"),
    version: isVersioned(object) ? modifiedOf(object) : null,
    revoked: object["revoked"] === true,
    content: JSON.stringify(object),
    replaces,
  };
}

/**
 * An observable as several reports tell of it: everything that any of them says, and the least restricted of their levels, since who
 * may hand on one of them may hand on this.
 */
function merge(before: StixObject, now: StixObject): StixObject {
  const contains = [before, now].flatMap((one) => one["contains_refs"] as string[] | undefined ?? []);
  const levels = [before, now].flatMap((one) => one["object_marking_refs"] as string[]);
  return {
    ...before,
    ...now,
    ...(contains.length > 0 && { contains_refs: [...new Set(contains)].sort() }),
    object_marking_refs: [tlpLevels.map(markingId).find((marking) => levels.includes(marking))!],
  };
}

function isVersioned(object: StixObject): boolean {
  return typeof object["modified"] === "string";
}

function modifiedOf(object: StixObject): Timestamp {
  return object["modified"] as Timestamp;
}

function justAfter(time: Timestamp): Timestamp {
  return new Date(Date.parse(time) + 1).toISOString();
}
