import { ListId, SubmissionId } from "@assay/core";
import { z } from "zod";
import { pause } from "../../retry/pause.ts";
import type { Client } from "../client/client.ts";
import type { Output } from "./output.ts";

/** Flags that ask for many reports. */
export interface AskedMany {
  readonly query?: string | undefined;
  readonly submission?: string | undefined;
  /** A list's name or id. */
  readonly list?: string | undefined;
  readonly scope?: string | undefined;
  readonly joined?: boolean | undefined;
  readonly format?: string | undefined;
  readonly profile?: string | undefined;
  readonly defang?: string | undefined;
  readonly sections?: string | undefined;
}

/** How the client tells how far it is. */
export type Tell = (what: string, done: number, total: number) => void;

const Counted = z.object({ count: z.number() });
const Accepted = z.object({ id: z.string() });
const File = z.object({
  status: z.enum(["pending", "running", "complete", "failed", "cancelled"]),
  done: z.number(),
  total: z.number().nullable(),
  error: z.string().nullable(),
  file: z.object({
    reports: z.number(),
    failed: z.number(),
    failures: z.array(z.object({ reportId: z.string(), reason: z.string() })),
  }).nullable(),
});
const Lists = z.object({
  items: z.array(z.object({ id: z.string(), name: z.string() })),
  cursor: z.string().nullable(),
});

/** Milliseconds between two looks. */
const LOOK_MS = 1000;

/** True where flags ask for many reports. @throws {TypeError} where they ask for more than one thing */
export function asksMany(positionals: readonly string[], { query, submission, list }: AskedMany): boolean {
  const given = [query, submission, list].filter((one) => one !== undefined).length + positionals.length;
  if (given > 1) {
    throw new TypeError(
      "Cannot export: expected one of a report, a SHA-256, --query, --submission and --list",
    );
  }
  return given === 1 && positionals.length === 0;
}

/** The body of the request. @throws {TypeError} with what to write instead */
export async function manyRequest(client: Pick<Client, "get">, asked: AskedMany, signal: AbortSignal) {
  const { query, submission, list, scope, joined, format, profile, defang, sections } = asked;
  if (format === undefined) throw new TypeError("Cannot export: expected --format");
  if (submission !== undefined && !SubmissionId.safeParse(submission).success) {
    throw new TypeError(`Cannot export '${submission}': expected a submission's id`);
  }
  if (defang !== undefined && defang !== "true" && defang !== "false") {
    throw new TypeError(`Cannot export: expected --defang true or false, got '${defang}'`);
  }
  return {
    format,
    container: joined ? "joined" : "zip",
    ...query !== undefined && { q: query },
    ...submission !== undefined && { submission },
    ...list !== undefined && { list: await listId(client, list, signal) },
    ...scope !== undefined && { scope },
    ...profile !== undefined && { profile },
    ...defang !== undefined && { defang: defang === "true" },
    ...sections !== undefined && { sections: sections.split(",") },
  };
}

/** The list of that id or name. @throws {TypeError} where there is none, or several */
async function listId(client: Pick<Client, "get">, list: string, signal: AbortSignal): Promise<string> {
  if (ListId.safeParse(list).success) return list;
  const found: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const query: string = cursor === "" ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page: z.infer<typeof Lists> = await client.get(`/api/v1/lists?size=100${query}`, Lists, signal);
    found.push(...page.items.filter(({ name }) => name === list).map(({ id }) => id));
    cursor = page.cursor;
  }
  if (found.length === 1) return found[0]!;
  throw new TypeError(
    found.length === 0
      ? `Cannot find list '${list}'`
      : `Cannot tell which list '${list}' is meant: expected one of the ids ${found.join(", ")}`,
  );
}

/**
 * Has a file of many reports made, writes it, and removes it there; also where it is told to stop. Gives how many reports it holds, and
 * those that are missing.
 * @throws {Error} where it can't be made
 */
export async function exportMany(
  client: Client,
  request: Readonly<Record<string, unknown>>,
  output: Output,
  signal: AbortSignal,
  tell: Tell,
) {
  const path = "/api/v1/exports";
  const dry = await client.stream(path, { ...request, dryRun: true }, signal);
  const { count } = Counted.parse(await dry.json());
  const begun = await client.stream(path, { ...request, expected: count }, signal);
  const { id } = Accepted.parse(await begun.json());
  try {
    for (;;) {
      const { status, done, total, error, file } = await client.get(`${path}/${id}`, File, signal);
      tell("reports", done, total ?? count);
      if (status === "failed" || status === "cancelled") throw new Error(error ?? `The export was ${status}`);
      if (status === "complete" && file !== null) {
        const response = await client.download(`${path}/${id}/download`, signal);
        const bytes = await output.write(response.body!);
        return { ...file, bytes };
      }
      await pause(LOOK_MS, signal);
      signal.throwIfAborted();
    }
  } finally {
    await client.remove(`${path}/${id}`);
  }
}
