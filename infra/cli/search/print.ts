import { z } from "zod";
import type { Client } from "../client/client.ts";
import { formatRow, tableHead } from "../scan/table.ts";

/** How hits are printed. */
export const searchFormats = ["table", "ndjson", "csv", "hashes"] as const;
/** One of {@link searchFormats}. */
export type SearchFormat = typeof searchFormats[number];

const Hit = z.object({
  sha256: z.string(),
  name: z.string().nullable(),
  size: z.number(),
  fileType: z.string(),
  verdict: z.string(),
  score: z.number(),
});
const Failure = z.object({ error: z.object({ detail: z.string() }) });

/**
 * Prints hits as they come. Tells how many lines were printed, and how many hits there are.
 * @throws {Error} where the list ends before its end
 */
export async function printHits(
  client: Client,
  request: Readonly<Record<string, unknown>>,
  format: SearchFormat,
  signal: AbortSignal,
  print: (line: string) => void = console.log,
): Promise<{ printed: number; total: number }> {
  const asked = format === "table"
    ? { ...request, format: "ndjson", fields: Object.keys(Hit.shape) }
    : { ...request, format };
  const response = await client.stream("/api/v1/search/export", asked, signal);
  const total = Number(response.headers.get("x-total-count"));
  if (format === "table") print(tableHead);
  const textOf = format === "table" ? rowOf : (line: string) => line.replace(/\r$/, "");
  let printed = format === "csv" ? -1 : 0;
  try {
    for await (const line of linesOf(response.body!)) {
      print(textOf(line));
      printed++;
    }
  } catch (cause) {
    signal.throwIfAborted();
    const why = cause instanceof ExportError ? cause.message : "the connection broke off";
    throw new Error(`Cannot list all of ${total} hits: ${why}`, { cause });
  }
  return { printed, total };
}

/** What the last line of an export tells. */
class ExportError extends Error {}

function rowOf(line: string): string {
  const value: unknown = JSON.parse(line);
  const failure = Failure.safeParse(value);
  if (failure.success) throw new ExportError(failure.data.error.detail);
  const hit = Hit.parse(value);
  const row = { ...hit, name: hit.name ?? "", status: "complete", reason: null };
  return formatRow(row, Deno.stdout.isTerminal());
}

async function* linesOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest !== "") yield rest;
}
