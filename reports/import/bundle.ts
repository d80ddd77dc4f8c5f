import {
  IMPORT_LIMITS,
  type ImportedHash,
  type ImportOptions,
  type ImportReading,
  tlpRank,
  UnreadableImportError,
} from "@assay/core";
import { shown } from "../model/shown.ts";
import type { StixObject } from "../stix/object.ts";
import type { StixSchemas } from "../stix/schemas.ts";
import { type Subject, subjectsIn, type Taken } from "./about.ts";
import { problemsOf, shapeProblemOf, USED_TYPES } from "./check.ts";
import { levelOf } from "./marking.ts";
import { type PatternReading, readPattern } from "./pattern.ts";
import { makeRemarks, type Remarks } from "./remarks.ts";
import { textsOf } from "./texts.ts";

/** What a bundle is read with. */
export interface BundleContext {
  readonly schemas: StixSchemas;
  readonly options: Pick<ImportOptions, "tlp">;
  /** Indicators that are no longer valid by then aren't taken. */
  readonly now: Date;
}

/**
 * Reads a STIX 2.1 bundle, or an envelope of TAXII 2.1, each object checked by itself: the good ones are taken.
 * @throws {UnreadableImportError} where it is neither, or too large
 */
export function readBundle(bundle: unknown, context: BundleContext): ImportReading {
  const [refused, notUnderstood] = [makeRemarks(), makeRemarks()];
  const members = membersOf(bundle);
  const good = goodObjects(members, context.schemas, refused);
  const taken = takenFrom(good, context, refused);
  const patterns = readPatterns(taken, context.now, refused, notUnderstood);
  const subjects = subjectsIn(taken, patterns);
  const hashes = distinct([...taken.values()].flatMap((one) => {
    if (!saysBad(one.object)) return [];
    const said = sayingOf(one.object);
    return subjects.of(one.object.id).map((subject) => badHash(subject, said));
  }));
  if (hashes.length > IMPORT_LIMITS.hashes) {
    throw new UnreadableImportError(
      `Cannot read bundle: expected at most ${IMPORT_LIMITS.hashes} hashes, got ${hashes.length}; send it in parts`,
    );
  }
  return {
    objects: members.length,
    hashes,
    texts: textsOf(taken, subjects),
    refused: refused.all(),
    notUnderstood: notUnderstood.all(),
  };
}

function membersOf(value: unknown): readonly unknown[] {
  const { type, objects } = (value ?? {}) as { type?: unknown; objects?: unknown };
  const named = value !== null && typeof value === "object" && !Array.isArray(value);
  if (!named || type !== undefined && type !== "bundle" || !Array.isArray(objects)) {
    throw new UnreadableImportError("Cannot read bundle: expected a bundle of STIX 2.1 with 'objects'");
  }
  if (objects.length > IMPORT_LIMITS.objects) {
    throw new UnreadableImportError(
      `Cannot read bundle: expected at most ${IMPORT_LIMITS.objects} objects, got ${objects.length}; send it in parts`,
    );
  }
  return objects;
}

/** Valid objects of types that are used, the newest version of each. */
function goodObjects(
  members: readonly unknown[],
  schemas: StixSchemas,
  refused: Remarks,
): Map<string, StixObject> {
  const good = new Map<string, StixObject>();
  for (const [at, member] of members.entries()) {
    const misshapen = shapeProblemOf(member);
    if (misshapen !== null) {
      refused.add(`object ${at + 1}`, misshapen);
      continue;
    }
    const object = member as StixObject;
    if (!USED_TYPES.includes(object.type)) continue;
    const problems = problemsOf(object, schemas);
    if (problems.length > 0) refused.add(object.id, problems.slice(0, 3).join("; "));
    else if (isNewer(object, good.get(object.id))) good.set(object.id, object);
  }
  return good;
}

function isNewer(object: StixObject, other: StixObject | undefined): boolean {
  return other === undefined ||
    Date.parse(String(object["modified"])) > Date.parse(String(other["modified"]));
}

function takenFrom(
  good: ReadonlyMap<string, StixObject>,
  { options }: BundleContext,
  refused: Remarks,
): Map<string, Taken> {
  const taken = new Map<string, Taken>();
  for (const object of good.values()) {
    if (object.type === "marking-definition" || object["revoked"] === true) continue;
    const level = levelOf(object, good, options.tlp);
    if ("why" in level) refused.add(object.id, level.why);
    else taken.set(object.id, { object, tlp: level.tlp });
  }
  return taken;
}

function readPatterns(
  taken: ReadonlyMap<string, Taken>,
  now: Date,
  refused: Remarks,
  notUnderstood: Remarks,
): Map<string, PatternReading> {
  const patterns = new Map<string, PatternReading>();
  for (const { object } of taken.values()) {
    if (object.type !== "indicator") continue;
    const { pattern, pattern_type: type, valid_until: until } = object;
    if (typeof pattern !== "string") refused.add(object.id, "pattern: expected a text");
    else if (type !== "stix") notUnderstood.add(object.id, `its pattern is of type '${String(type)}'`);
    else if (until !== undefined && Date.parse(String(until)) <= now.getTime()) {
      notUnderstood.add(object.id, `it was valid until ${String(until)}`);
    } else if (isCalledBenign(object)) notUnderstood.add(object.id, "it is an indicator of something benign");
    else patterns.set(object.id, noted(object.id, readPattern(pattern), notUnderstood));
  }
  return patterns;
}

function noted(id: string, reading: PatternReading, notUnderstood: Remarks): PatternReading {
  if ("why" in reading) notUnderstood.add(id, `its pattern: ${reading.why}`);
  else if (reading.others.length > 0) {
    notUnderstood.add(id, `its pattern names hashes that aren't kept: ${reading.others.join(", ")}`);
  }
  return reading;
}

function isCalledBenign({ indicator_types: types }: StixObject): boolean {
  return Array.isArray(types) && types.includes("benign");
}

/** Malware and its samples, analyses that came to that result, and indicators. */
function saysBad(object: StixObject): boolean {
  if (object.type === "malware-analysis") return object["result"] === "malicious";
  return object.type === "indicator" || object.type === "malware";
}

function sayingOf({ id, name, result_name: result, product }: StixObject): string {
  const title = [name, result, product].find((text) => typeof text === "string" && text !== "");
  return title === undefined ? id : `${shown(String(title), 200)} (${id})`;
}

function badHash({ algorithm, value, tlp }: Subject, note: string): ImportedHash {
  return { algorithm, value, verdict: "bad", tlp, note };
}

/** Each hash once, as the least restricted object tells it; of several at one level, the first. */
function distinct(hashes: readonly ImportedHash[]): ImportedHash[] {
  const best = new Map<string, ImportedHash>();
  for (const hash of hashes) {
    const other = best.get(hash.value);
    if (other === undefined || tlpRank(hash.tlp) < tlpRank(other.tlp)) best.set(hash.value, hash);
  }
  return [...best.values()];
}
