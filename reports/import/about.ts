import { IMPORT_LIMITS, type Tlp, UnreadableImportError } from "@assay/core";
import { strictest } from "../model/tlp.ts";
import type { StixObject } from "../stix/object.ts";
import { type Digest, strongestOf } from "./hash.ts";
import type { PatternReading } from "./pattern.ts";

/** An object of a partner that is taken, with the level that it is shared at. */
export interface Taken {
  readonly object: StixObject;
  readonly tlp: Tlp;
}

/** A file that an object speaks of, at the level of all that says so. */
export interface Subject extends Digest {
  readonly tlp: Tlp;
}

/** Finds which files objects are about. */
export interface Subjects {
  /** Of a file, an indicator, malware, an analysis or observed data, at least at the object's level. */
  of(id: string): readonly Subject[];
  /** Of what a report, a grouping or a note names. */
  named(by: Taken): readonly Subject[];
}

/** Files named by all texts of one import together. */
const MOST_LINKS = 2 * IMPORT_LIMITS.hashes;

/** Which files the objects of a bundle are about, by `patterns` of its indicators. */
export function subjectsIn(
  taken: ReadonlyMap<string, Taken>,
  patterns: ReadonlyMap<string, PatternReading>,
): Subjects {
  const indicating = Map.groupBy(
    [...taken.values()].filter(({ object }) =>
      object.type === "relationship" && object["relationship_type"] === "indicates"
    ),
    ({ object }) => String(object["target_ref"]),
  );
  const found = new Map<string, readonly Subject[]>();
  let links = 0;

  function of(id: string): readonly Subject[] {
    const one = taken.get(id);
    if (one === undefined) return [];
    const known = found.get(id);
    if (known !== undefined) return known;
    const subjects = distinct([...own(one), ...indicated(one)]);
    found.set(id, subjects);
    return subjects;
  }

  function own({ object, tlp }: Taken): Subject[] {
    const files = (refs: unknown) => restrict(refsOf(refs).flatMap(file), tlp);
    switch (object.type) {
      case "file":
      case "artifact":
        return file(object.id);
      case "indicator": {
        const reading = patterns.get(object.id);
        return reading !== undefined && "digests" in reading
          ? reading.digests.map((digest) => ({ ...digest, tlp }))
          : [];
      }
      case "malware":
        return files(object["sample_refs"]);
      case "malware-analysis":
        return files(object["sample_ref"]);
      case "observed-data":
        return files(object["object_refs"]);
      default:
        return [];
    }
  }

  /** What indicators of this malware name. */
  function indicated({ object, tlp }: Taken): Subject[] {
    if (object.type !== "malware") return [];
    return (indicating.get(object.id) ?? []).flatMap((relationship) => {
      const indicator = taken.get(String(relationship.object["source_ref"]));
      if (indicator?.object.type !== "indicator") return [];
      return restrict(own(indicator), strictest([tlp, relationship.tlp]));
    });
  }

  function file(id: string): Subject[] {
    const one = taken.get(id);
    if (one === undefined || one.object.type !== "file" && one.object.type !== "artifact") return [];
    const digest = strongestOf(one.object["hashes"]);
    return digest === null ? [] : [{ ...digest, tlp: one.tlp }];
  }

  return {
    of,
    named({ object, tlp }) {
      const subjects = distinct(refsOf(object["object_refs"]).flatMap((id) => of(id)));
      links += subjects.length;
      if (links > MOST_LINKS) {
        throw new UnreadableImportError(
          `Cannot read bundle: its texts name files more than ${MOST_LINKS} times; send it in parts`,
        );
      }
      return restrict(subjects, tlp);
    },
  };
}

function restrict(subjects: readonly Subject[], tlp: Tlp): Subject[] {
  return subjects.map((subject) => ({ ...subject, tlp: strictest([subject.tlp, tlp]) }));
}

/** Each file once: at the least restricted of the levels that it is told at. */
function distinct(subjects: readonly Subject[]): Subject[] {
  const best = new Map<string, Subject>();
  for (const subject of subjects) {
    const other = best.get(subject.value);
    if (other === undefined || strictest([subject.tlp, other.tlp]) !== subject.tlp) {
      best.set(subject.value, subject);
    }
  }
  return [...best.values()];
}

function refsOf(value: unknown): string[] {
  return [value ?? []].flat().map(String);
}
