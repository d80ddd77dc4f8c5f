import { actionScopes, csvLine, SearchAction } from "@assay/core";
import { type SearchHit, walkResult } from "@assay/infra";
import type { JobKind } from "../kind.ts";
import { actionOf } from "../action.ts";

type Format = Extract<SearchAction, { action: "export" }>["format"];

/** Writes a result to a file that the key which asked can download. */
export default {
  kind: "search.export",
  async run(job) {
    const action = actionOf(job, "export", SearchAction);
    const { format } = action;
    const counts = await walkResult(
      job,
      action,
      [actionScopes[action.action]],
      async ({ hits, sha256s, number }) => {
        const text = (number === 0 ? headOf(format) : "") + linesOf(hits, sha256s, format);
        const bytes = new TextEncoder().encode(text);
        await job.stores.exports.write(job.id, number, bytes);
        return { rows: format === "hashes" ? sha256s.length : hits.length, bytes: bytes.length };
      },
    );
    return { ...counts, format };
  },
} satisfies JobKind;

const columns = [
  "sha256",
  "name",
  "size",
  "fileType",
  "mime",
  "verdict",
  "score",
  "tags",
  "seen",
  "reportId",
] as const;

function headOf(format: Format): string {
  return format === "csv" ? csvLine(columns) : "";
}

function linesOf(hits: readonly SearchHit[], sha256s: readonly string[], format: Format): string {
  switch (format) {
    case "hashes":
      return sha256s.map((sha256) => `${sha256}\n`).join("");
    case "ndjson":
      return hits.map(({ highlights: _, ...hit }) => `${JSON.stringify(hit)}\n`).join("");
    case "csv":
      return hits.map((hit) => csvLine(columns.map((name) => cellOf(hit[name])))).join("");
  }
}

/** One cell holds all tags. */
function cellOf(value: SearchHit[(typeof columns)[number]]): string | number | null {
  return typeof value === "object" && value !== null ? value.join("; ") : value;
}
