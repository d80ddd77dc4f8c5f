import { createHash } from "node:crypto";
import { checkObject } from "../check/check.ts";
import { StixError } from "../check/finding.ts";
import { ownId } from "../id.ts";
import type { StixObject } from "../object.ts";
import type { StixSchemas } from "../schemas.ts";
import { combine } from "./combine.ts";
import { IdIndex } from "./id_index.ts";
import { jsonOf, keyOf } from "./line.ts";
import { mergeRuns, type Run } from "./runs.ts";

/** What a merged bundle is made from. */
export interface MergeInput {
  /** Opens the sorted runs of the objects of all bundles (`sortRun`); called twice. */
  readonly open: () => readonly Run[];
  readonly schemas: StixSchemas;
  readonly signal?: AbortSignal;
}

/** Characters given at once. */
const PORTION = 65_536;

/**
 * One bundle of the objects of many, as text, in portions: each id once, in the order of types and ids, so that the same reports give the
 * same bytes in whatever order they came. Goes over the runs twice, since the bundle's id is a digest of what follows it; holds a
 * portion of each run and 16 bytes an object.
 * @throws {StixError} at an object that is wrong by itself or points at none of the bundle; the signal's reason once that aborts
 */
export async function* mergeBundles({ open, schemas, signal }: MergeInput): AsyncGenerator<string> {
  const ids = new IdIndex();
  const digest = createHash("sha256").update("[");
  let count = 0;
  for await (const { id, json } of mergedObjects(open())) {
    signal?.throwIfAborted();
    ids.add(id);
    digest.update(count++ === 0 ? json : `,${json}`);
  }
  const id = ownId("bundle", digest.update("]").digest("hex"));
  let text = `{"type":"bundle","id":"${id}","objects":[`;
  let separator = "";
  for await (const { json } of mergedObjects(open())) {
    const findings = checkObject(JSON.parse(json) as StixObject, ids, schemas);
    if (findings.length > 0) throw new StixError(findings);
    text += separator + json;
    separator = ",";
    if (text.length < PORTION) continue;
    yield text;
    text = "";
  }
  yield `${text}]}\n`;
}

/** Each object once, as all reports together have it. */
async function* mergedObjects(runs: readonly Run[]): AsyncGenerator<{ id: string; json: string }> {
  let key = "";
  let versions: string[] = [];
  const one = () => {
    const [first, ...others] = versions;
    const json = others.length === 0
      ? first!
      : JSON.stringify(combine([parse(first!), ...others.map(parse)]));
    return { id: key.slice(2), json };
  };
  for await (const line of mergeRuns(runs)) {
    const next = keyOf(line);
    if (next !== key) {
      if (versions.length > 0) yield one();
      key = next;
      versions = [];
    }
    versions.push(jsonOf(line));
  }
  if (versions.length > 0) yield one();
}

function parse(json: string): StixObject {
  return JSON.parse(json) as StixObject;
}
