import {
  type KeyId,
  type ModuleRun,
  newId,
  type Observation,
  type Report,
  type Sha256,
  type SubmissionId,
  type TaskId,
} from "@assay/core";
import { Client } from "@elastic/elasticsearch";
import { FetchConnection } from "./fetch_connection.ts";
import { createHash } from "node:crypto";
import type { SampleFacts } from "../postgres/repositories.ts";
import { testName, testStack } from "../stack/testing.ts";
import { connectElasticsearch, type Elasticsearch } from "./connect.ts";
import { submissionOf } from "./document.ts";
import type { ReadFacts, Reports } from "./repositories.ts";

/** Stores that may be filled without PostgreSQL. */
export interface TestElasticsearch extends Elasticsearch, AsyncDisposable {
  readonly client: Client;
  readonly prefix: string;
  readonly reports: Omit<Reports, "store"> & {
    /** As {@link Reports.store}; samples are new where no facts are given. */
    store(reports: readonly Report[], readFacts?: ReadFacts): ReturnType<Reports["store"]>;
  };
}

/** Stores with an index of their own on the shared node, removed at the end of `await using`. */
export async function testElasticsearch(
  options: { clock?: () => number } = {},
): Promise<TestElasticsearch> {
  const prefix = testName();
  const url = testStack().elasticsearch;
  const client = new Client({ node: url, Connection: FetchConnection });
  const stores = connectElasticsearch({ url, prefix, ...options });
  await stores.search.prepare();
  return {
    ...stores,
    reports: {
      ...stores.reports,
      store: (reports, readFacts = newSamples) => stores.reports.store(reports, readFacts),
    },
    client,
    prefix,
    async [Symbol.asyncDispose]() {
      const made = await client.indices.get({ index: `${prefix}-*` });
      await client.indices.delete({ index: Object.keys(made) });
      await client.close();
      await stores.close();
    },
  };
}

/** Facts of samples that nothing is known of yet. */
export const newSamples: ReadFacts = (sha256s) =>
  Promise.resolve(
    sha256s.map((sha256) => ({
      sha256,
      size: 1000,
      firstSeen: "2026-01-01T00:00:00.000Z",
      revision: 1,
      submissions: [],
      notes: [],
      tags: [],
    })),
  );

/** A digest that a word stands for. */
export function digestOf(word: string): Sha256 {
  return createHash("sha256").update(word).digest("hex") as Sha256;
}

/** A run that found these observations. */
export function foundRun(
  module: string,
  observations: Observation[],
  raw: ModuleRun extends infer Run ? Run extends { raw: infer Raw } ? Raw : never : never = null,
): ModuleRun {
  return {
    module,
    category: "metadata",
    version: "1",
    definition: null,
    started: "2026-01-01T00:00:00.000Z",
    durationMs: 1.5,
    cached: false,
    status: "ok",
    observations,
    raw,
  };
}

/** A small valid report. */
export function makeReport(given: Partial<Report> = {}): Report {
  const id = given.id ?? newId<TaskId>();
  const sha256 = given.sha256 ?? digestOf(id);
  return {
    schemaVersion: 1,
    id,
    revision: 1,
    submissionId: newId<SubmissionId>(),
    sha256,
    size: 1000,
    name: "setup.exe",
    fileType: "pe",
    mime: "application/vnd.microsoft.portable-executable",
    magic: "PE32+ executable (GUI) x86-64",
    digests: { sha256 },
    tlp: "clear",
    owner: newId<KeyId>(),
    submitter: "alice",
    tags: [],
    metadata: {},
    submitted: "2026-01-01T00:00:00.000Z",
    started: "2026-01-01T00:00:00.000Z",
    finished: "2026-01-01T00:00:00.000Z",
    parent: null,
    children: [],
    verdict: { level: "unknown", score: 0, summary: "Nothing spoke", reasons: [] },
    modules: [],
    limits: [],
    ...given,
  };
}

/** Facts of a sample that these reports tell of, newest first. */
export function factsOf(
  reports: readonly Report[],
  revision = 1,
  annotations: Partial<Pick<SampleFacts, "notes" | "tags">> = {},
): SampleFacts {
  const [latest] = reports;
  return {
    sha256: latest!.sha256,
    size: latest!.size,
    firstSeen: reports.at(-1)!.submitted,
    revision,
    submissions: reports.map(submissionOf),
    notes: [],
    tags: [],
    ...annotations,
  };
}
