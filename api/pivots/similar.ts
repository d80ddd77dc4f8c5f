import {
  executableSections,
  findingsOf,
  foundRuns,
  readSsdeep,
  readTlsh,
  type Report,
  type SimilarityMethod,
} from "@assay/core";
import type { SharedValue, SimilarRequest, SimilarResult } from "@assay/infra";
import type { z } from "@hono/zod-openapi";
import type { SimilarAnswer } from "./schema.ts";

type Subject = Pick<SimilarRequest, "ssdeep" | "tlsh" | "shared">;

/** Fields that samples share as they are, by the method that compares them. */
const fieldsOf: Readonly<Record<SharedValue["method"], readonly string[]>> = {
  imphash: ["pe.imphash"],
  richHash: ["pe.richHash"],
  section: ["pe.section.sha256", "elf.section.sha256"],
};

/** What of a report is compared by these methods. */
export function subjectOf(report: Report, by: readonly SimilarityMethod[]): Subject {
  const findings = findingsOf(report, foundRuns(report), new Set());
  const names = new Map(executableSections(report).map(({ sha256, name }) => [sha256 as string, name]));
  const shared = by.flatMap((method): SharedValue[] => {
    if (method === "ssdeep" || method === "tlsh") return [];
    return fieldsOf[method].flatMap((field) =>
      Array.from(findings.get(field) ?? [], (value) => ({
        method,
        field,
        value: String(value),
        name: method === "section" ? names.get(String(value)) ?? null : null,
      }))
    );
  });
  const { ssdeep, tlsh } = report.digests;
  return {
    ssdeep: by.includes("ssdeep") && ssdeep !== undefined && readSsdeep(ssdeep) ? ssdeep : null,
    tlsh: by.includes("tlsh") && tlsh !== undefined && readTlsh(tlsh) ? tlsh : null,
    shared,
  };
}

/** What is compared of a sample that is not analysed yet: nothing. */
export const noSubject: Subject = { ssdeep: null, tlsh: null, shared: [] };

/** The answer, with the methods that had nothing to compare. */
export function answerOf(
  result: SimilarResult,
  by: readonly SimilarityMethod[],
): z.infer<typeof SimilarAnswer> {
  return {
    total: result.total,
    methods: by.map((method) => {
      const found = result.methods.find((one) => one.method === method);
      if (found === undefined) {
        return { method, available: false, found: 0, compared: 0, complete: true, common: [] };
      }
      const common = found.common.map(({ field, value, name, samples, query }) => (
        { field, value, name, samples, query }
      ));
      return { ...found, available: true, common };
    }),
    items: result.items.map(({ hit, evidence, strength }) => {
      const { tags, ...rest } = hit;
      return { ...rest, tags: [...tags], strength, evidence: [...evidence] };
    }),
    cursor: result.cursor,
  };
}
