import { exportForms, type ReportsExport } from "@assay/core";
import type { Stage } from "@assay/infra";
import type { StixSchemas } from "../stix/schemas.ts";
import { joinBundles } from "./bundle.ts";
import { type Join, joinCsv, joinJson, joinText } from "./join.ts";
import { Manifest } from "./manifest.ts";
import type { Member } from "./member.ts";
import type { Survey } from "./survey.ts";
import { type ZipMember, zipOf } from "./zip.ts";

/** What a file of reports is made from. */
export interface FileInput {
  readonly asked: ReportsExport;
  /** All reports, those that are missing too. */
  readonly members: AsyncIterable<Member>;
  readonly survey: Survey;
  readonly schemas: () => Promise<StixSchemas>;
  readonly runs: Stage;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

/** The file of an export, in chunks. @throws {TypeError} for a format whose reports can't be joined */
export async function* makeFile(input: FileInput): AsyncGenerator<Uint8Array> {
  if (input.asked.container === "zip") yield* zipOf(zipMembers(input));
  else yield* inChunks(joined(input));
}

const joins: Readonly<Record<string, Join>> = { json: joinJson, csv: joinCsv, text: joinText };

async function* joined(input: FileInput): AsyncGenerator<string> {
  const { asked: { format }, survey, schemas, runs, maxBytes, signal } = input;
  const members = present(input.members);
  const join = joins[format];
  if (format === "stix") yield* joinBundles(members, { schemas: await schemas(), runs, maxBytes, signal });
  else if (join !== undefined) yield* join(members, survey);
  else throw new TypeError(`Cannot join reports: expected a format that can be, got '${format}'`);
}

async function* present(members: AsyncIterable<Member>): AsyncGenerator<Member> {
  for await (const member of members) if (member.failure === null) yield member;
}

async function* zipMembers({ asked, members, survey }: FileInput): AsyncGenerator<ZipMember> {
  const { extension } = exportForms[asked.format];
  const manifest = new Manifest();
  for await (const { bytes, ...facts } of members) {
    const { sha256, reportId, failure } = facts;
    const name = `${asked.scope === "samples" ? sha256 : `${sha256}-${reportId}`}.${extension}`;
    manifest.add({ ...facts, file: failure === null ? name : null });
    if (failure === null) yield { name, bytes };
  }
  yield { name: "manifest.json", bytes: manifest.encode(survey, asked) };
}

/** Few large chunks instead of many small ones: each costs a system call. */
async function* inChunks(texts: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  let waiting = "";
  for await (const text of texts) {
    waiting += text;
    if (waiting.length < 65_536) continue;
    yield encoder.encode(waiting);
    waiting = "";
  }
  if (waiting !== "") yield encoder.encode(waiting);
}
