import { defang } from "../model/defang.ts";
import type { ReportModel } from "../model/model.ts";
import { COLUMNS } from "./layout.ts";
import type { Safe } from "./render.ts";
import { split } from "./width.ts";

/** Indicators by kind and source, one a line, defanged unless asked for as they are; what is longer goes on four spaces further right. */
export function indicatorLines({ indicators }: ReportModel, safe: Safe, defanged: boolean): string[] {
  const groups = Map.groupBy(
    indicators,
    ({ type, seen, sources }) => `${type}, ${seen}, from ${sources.join(", ")}`,
  );
  return [...groups].flatMap(([title, members], i) => [
    ...(i === 0 ? [] : [""]),
    ...split(safe(`${title}:`), COLUMNS - 2),
    ...members.flatMap(({ type, value }) =>
      split(defanged ? defang(type, value) : value, COLUMNS - 10).map((piece, n) =>
        (n === 0 ? "  " : "      ") + piece
      )
    ),
  ]);
}
