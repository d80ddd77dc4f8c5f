import { IMPORT_LIMITS, type ImportRemark } from "@assay/core";
import { shown } from "../model/shown.ts";

/** Collects what was not taken: all of it is counted, the first of it listed. */
export interface Remarks {
  add(where: string, why: string): void;
  all(): { count: number; first: ImportRemark[] };
}

/** An empty collection. */
export function makeRemarks(): Remarks {
  const first: ImportRemark[] = [];
  let count = 0;
  return {
    add(where, why) {
      count++;
      if (first.length < IMPORT_LIMITS.listed) first.push({ where: shown(where, 300), why: shown(why, 500) });
    },
    all: () => ({ count, first }),
  };
}
