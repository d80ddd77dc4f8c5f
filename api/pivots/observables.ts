import { fields, type Report, type Visibility } from "@assay/core";
import { listDigest, type Pivots, readListCursor, writeListCursor } from "@assay/infra";
import type { z } from "@hono/zod-openapi";
import type { ObservablesAnswer } from "./schema.ts";
import { countValues, MAX_COUNTED } from "./values.ts";

/** What is this sample's alone, or no way to another. */
const own = new Set(["sha256", "sha1", "md5", "sha512", "size", "verdict", "score", "seen", "tag", "string"]);

/** Fields of findings that lead to other samples. */
export const observableFields: readonly string[] = fields.filter((field) =>
  !field.submission && !field.annotation && !own.has(field.name)
).map(({ name }) => name);

/** What to list. */
export interface ObservablesRequest {
  readonly fields: readonly string[];
  /** Only values that so many other samples have. */
  readonly least: number;
  readonly size: number;
  readonly cursor?: string | undefined;
  readonly signal: AbortSignal;
}

type Answer = z.infer<typeof ObservablesAnswer>;
type Item = Answer["items"][number];

/** The values that a report found with how many other visible samples have each, rarest first. */
export async function listObservables(
  report: Report,
  request: ObservablesRequest,
  pivots: Pick<Pivots, "count">,
  visibility: Visibility,
): Promise<Answer> {
  const { cursor, size, least, signal } = request;
  const digest = listDigest([report.id, report.revision, request.fields, least, visibility]);
  const after = cursor === undefined ? null : readListCursor(cursor, digest, [0, "", ""]);
  const given = { except: report.sha256, signal };
  const { values, total } = await countValues(report, request.fields, pivots, given, visibility);
  const items = values.filter(({ samples }) => (samples ?? 0) >= least).toSorted((a, b) =>
    order(placeOf(a), placeOf(b))
  );
  const start = after === null ? 0 : items.findIndex((item) => order(placeOf(item), after) > 0);
  const page = start < 0 ? [] : items.slice(start, start + size);
  const more = page.length > 0 && start + size < items.length;
  return {
    total: items.length,
    reportId: report.id,
    items: page,
    cursor: more ? writeListCursor(digest, placeOf(page.at(-1)!)) : null,
    limits: total > MAX_COUNTED ? [`${MAX_COUNTED} of ${total} values looked up`] : [],
  };
}

type Place = readonly [number, string, string];

/** Those that can't be asked for come last. */
function placeOf({ samples, field, value }: Item): Place {
  return [samples ?? Number.MAX_SAFE_INTEGER, field, String(value)];
}

function order(a: Place, b: Place): number {
  const at = a[0] !== b[0] ? 0 : a[1] !== b[1] ? 1 : 2;
  return a[at]! < b[at]! ? -1 : a[at]! > b[at]! ? 1 : 0;
}
