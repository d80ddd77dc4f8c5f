import { queryModes, Sha256, TaskId, Timestamp, VerdictLevel } from "@assay/core";
import { MAX_CURSOR_LENGTH } from "@assay/infra";
import { z } from "@hono/zod-openapi";
import { pageQuery } from "../app/page.ts";

/** The longest text taken for a query; which of it is too long is the parser's to say, in its own words. */
const MAX_TEXT = 2 ** 20;

/** What is searched for, and in what: members of a query or a body. */
export const searched = {
  q: z.string().max(MAX_TEXT).default("").openapi({
    description: "The query, or a list of hashes; everything where empty",
    example: "verdict:malicious AND size:>=500kB",
  }),
  mode: z.enum(queryModes).default("default").openapi({
    description:
      "`default`: the query language. `exact`: all of `q` as one phrase. `advanced`: the query language " +
      "with regular expressions (`field:/…/`) and wildcards at the start of any word, which may take long",
  }),
  scope: z.enum(["samples", "reports"]).default("samples").openapi({
    description: "The latest state of each sample, or every report",
  }),
  sort: z.string().max(80).optional().openapi({
    description:
      "A field that `GET /search/fields` calls sortable, `-` before it for the highest first; newest " +
      "first by default",
    example: "-score",
  }),
};

/** All that a page of a search is asked by. */
export const searchParameters = {
  ...pageQuery,
  ...searched,
  cursor: z.string().min(1).max(MAX_CURSOR_LENGTH).optional().openapi({
    description:
      "Where the list goes on: `cursor` of the page before, for the same query, scope, sort and key. " +
      "Good for five minutes; the pages of one search show what there was when the first was asked for",
  }),
  show: z.enum(["hits", "count", "ids"]).default("hits").openapi({
    description: "All of each hit; their number alone, which is exact then; or their ids alone",
  }),
  timeout: z.coerce.number().int().min(1).max(10_000).optional().openapi({
    description: "Milliseconds that it may take before it is given up with 504 `timeout`; 10,000 by default",
  }),
};

const Fragments = z.array(z.string());

/** What is shown of a sample wherever it stands in a list. */
export const SampleCard = z.object({
  sha256: Sha256,
  name: z.string().nullable(),
  size: z.int(),
  fileType: z.string(),
  mime: z.string(),
  verdict: VerdictLevel,
  score: z.number(),
  tags: z.array(z.string()),
  seen: Timestamp,
  reportId: TaskId,
});

/** One hit. */
export const SearchHit = SampleCard.extend({
  highlights: z.record(z.string(), Fragments).openapi({
    description: "Fragments by field; matches are between U+E000 and U+E001, never HTML",
  }),
  matches: z.array(
    z.object({ field: z.string(), modules: z.array(z.string()), fragments: Fragments }).openapi(
      "SearchMatch",
    ),
  ).openapi({ description: "The same fragments, each with the modules that found the field's values" }),
}).openapi("SearchHit");

/** A page of hits. */
export const SearchAnswer = z.object({
  total: z.object({ value: z.int(), exact: z.boolean() }).openapi({
    description: "`exact` is false where counting stopped",
  }),
  items: z.array(SearchHit).openapi({ description: "Empty with `show=count` and `show=ids`" }),
  ids: z.array(z.string()).optional().openapi({
    description: "With `show=ids`: SHA-256 of samples, or ids of reports",
  }),
  cursor: z.string().nullable(),
}).openapi("SearchAnswer");
