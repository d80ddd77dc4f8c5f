import { tlpLevels } from "@assay/core";
import { strictest } from "../../model/tlp.ts";
import { isObservable } from "../id.ts";
import { markingId } from "../marking.ts";
import type { StixObject } from "../object.ts";

/**
 * What several reports say of one object as one object, whatever the order they come in. Of versions the newest is kept. Observables have
 * no versions: what any report knows is kept, and since that is put together from all, so is the most restricted of their levels.
 */
export function combine(versions: readonly [StixObject, ...StixObject[]]): StixObject {
  return isObservable(versions[0].type) ? combineObservables(versions) : newest(versions);
}

function newest(versions: readonly [StixObject, ...StixObject[]]): StixObject {
  const rank = ({ modified, created }: StixObject) => String(modified ?? created);
  return inOrder(versions).reduce((a, b) => rank(b) >= rank(a) ? b : a);
}

function combineObservables(versions: readonly [StixObject, ...StixObject[]]): StixObject {
  const ordered = inOrder(versions);
  const { object_marking_refs: _, contains_refs: __, ...known } = Object.assign({}, ...ordered) as StixObject;
  const hashes = Object.assign({}, ...ordered.map((one) => one.hashes ?? {})) as Record<string, string>;
  const held = [...new Set(ordered.flatMap((one) => (one.contains_refs ?? []) as string[]))].sort();
  return {
    ...known as StixObject,
    ...(Object.keys(hashes).length > 0 && { hashes }),
    ...(held.length > 0 && { contains_refs: held }),
    object_marking_refs: [markingId(strictest(ordered.map(levelOf)))],
  };
}

function levelOf({ id, object_marking_refs: refs }: StixObject) {
  const level = tlpLevels.find((tlp) => markingId(tlp) === (refs as string[] | undefined)?.[0]);
  if (level === undefined) throw new TypeError(`Cannot merge '${id}': expected it to be marked by TLP 2.0`);
  return level;
}

/** By their text, so that what comes out doesn't hang on who came first. */
function inOrder(versions: readonly [StixObject, ...StixObject[]]): [StixObject, ...StixObject[]] {
  const texts = new Map(versions.map((one) => [JSON.stringify(one), one]));
  return [...texts].sort(([a], [b]) => a < b ? -1 : 1).map(([, one]) => one) as [StixObject, ...StixObject[]];
}
