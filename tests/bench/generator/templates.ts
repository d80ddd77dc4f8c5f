import type { Report } from "@assay/core";
import { join } from "node:path";
import { formOf } from "../../platform/files.ts";
import { type Platform, until } from "../../platform/platform.ts";

/** Real reports that made ones are drawn from, and the strings that occur in them. */
export interface Templates {
  /** Programs first: they are drawn more often. */
  readonly programs: readonly Report[];
  readonly others: readonly Report[];
  /** Strings of all reports. */
  readonly strings: readonly string[];
}

/** Reports of the files under a folder, analysed by this platform on the first call and kept in a file for the next ones. */
export async function templatesOf(platform: Platform, folder: string, file: string): Promise<Templates> {
  let text: string;
  try {
    text = await Deno.readTextFile(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    text = (await analyse(platform, folder)).map((report) => JSON.stringify(report)).join("\n");
    await Deno.writeTextFile(file, text);
  }
  const reports = text.split("\n").map((line) => JSON.parse(line) as Report);
  const isProgram = ({ fileType }: Report) => fileType === "pe" || fileType === "elf";
  return {
    programs: reports.filter(isProgram),
    others: reports.filter((report) => !isProgram(report)),
    strings: [...new Set(reports.flatMap(stringsOf))],
  };
}

async function analyse(platform: Platform, folder: string): Promise<Report[]> {
  const names = [...Deno.readDirSync(folder)].filter((entry) => entry.isFile).map(({ name }) => name).sort();
  const submissions: string[] = [];
  for (let at = 0; at < names.length; at += 25) {
    const files = await Promise.all(
      names.slice(at, at + 25).map(async (name) => ({
        name,
        bytes: await Deno.readFile(join(folder, name)),
      })),
    );
    const { id } = await platform.ask<{ id: string }>("/api/v1/submissions", {
      method: "POST",
      body: formOf(files),
    });
    submissions.push(id);
  }
  await until("every template is analysed", 900_000, async () => {
    const counts = await platform.ask<{ pending: number; running: number }>("/api/v1/tasks/counts");
    return counts.pending + counts.running === 0 ? true : null;
  });
  const reports: Report[] = [];
  for (const id of submissions) {
    for await (const reportId of reportsOf(platform, id)) {
      reports.push(await platform.ask<Report>(`/api/v1/reports/${reportId}`));
    }
  }
  return reports;
}

async function* reportsOf(platform: Platform, submission: string): AsyncGenerator<string> {
  let cursor: string | null = null;
  do {
    const page: { items: { reportId: string | null }[]; cursor: string | null } = await platform.ask(
      `/api/v1/tasks?submissionId=${submission}&size=100${cursor === null ? "" : `&cursor=${cursor}`}`,
    );
    for (const { reportId } of page.items) if (reportId !== null) yield reportId;
    cursor = page.cursor;
  } while (cursor !== null);
}

/** The strings that a report shows of its sample. */
export function stringsOf(report: Report): string[] {
  const run = report.modules.find(({ module }) => module === "strings");
  return run?.status === "ok" ? (run.raw as { sample: string[] }).sample : [];
}
