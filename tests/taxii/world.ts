import { EVERYTHING, type Report, type Task, type TaskId, type Timestamp, type Tlp } from "@assay/core";
import {
  type ApiKey,
  type CollectionObject,
  createCollections,
  createKeys,
  createKnownHashes,
  createOutbox,
  createParents,
  createPublishing,
  createRemovals,
  createSamples,
  createSubmissions,
  createTasks,
  type Reports,
  type Sql,
} from "@assay/infra";
import { foundRun, makeReport, testElasticsearch } from "../../infra/elasticsearch/testing.ts";
import { testFile, testKey, testSql, testSubmission } from "../../infra/postgres/testing.ts";
import { organisation } from "../../reports/fixtures/reports.ts";
import { makeModel } from "../../reports/model/build.ts";
import { createDescriber, type Describer } from "../../reports/publish/describe.ts";
import { type PublisherDependencies, publishOnce } from "../../reports/publish/publisher.ts";
import { buildBundle } from "../../reports/stix/build.ts";
import { checkBundle } from "../../reports/stix/check/check.ts";
import type { StixObject } from "../../reports/stix/object.ts";
import { testSettings } from "../../reports/stix/testing.ts";
import { keepRecent } from "../../worker/relay/recent.ts";
import { runRelay } from "../../worker/relay/relay.ts";

/** Stores with a relay and a publisher between them, for tests that say what happens when. */
export interface PublishWorld extends AsyncDisposable {
  readonly sql: Sql;
  /** Sees everything and may do everything. */
  readonly key: ApiKey;
  readonly dependencies: PublisherDependencies;
  readonly search: Awaited<ReturnType<typeof testElasticsearch>>["search"];
  /** Submits these bytes at that level and analyses them, with these findings. */
  analysed(text: string, tlp: Tlp, found?: Partial<Report>): Promise<Report>;
  /** Stores a later revision of a report. */
  revised(report: Report, found: Partial<Report>): Promise<void>;
  remove(task: Pick<Task, "id">): Promise<void>;
  /** Relays what is waiting, and publishes until nothing is left. */
  publish(given?: Partial<PublisherDependencies>): Promise<void>;
  /** Relays what is waiting. */
  relay(): Promise<void>;
  /** Newest versions that a collection lists, by id; parsed. */
  newest(collection: string): Promise<Map<string, StixObject>>;
  /** The same with when each was added. */
  records(
    collection: string,
    versions?: readonly ("all" | Timestamp)[],
  ): Promise<readonly CollectionObject[]>;
}

/** A verdict bad enough to speak of malware. */
export const malicious: Partial<Report> = {
  verdict: { level: "malicious", score: 90, summary: "It is bad", reasons: [] },
};

/** Opens it; all of it is removed at the end of `await using`. */
export async function publishWorld(): Promise<PublishWorld> {
  await using stack = new AsyncDisposableStack();
  const { sql } = stack.use(await testSql());
  const elasticsearch = stack.use(await testElasticsearch());
  const settings = await testSettings();
  const key = await testKey(sql);
  const tasks = createTasks(sql);
  const facts = createSamples(sql);
  const describer: Describer = createDescriber({
    organisation,
    rules: { matched: () => [] },
    software: "test",
    bundle: (input) => {
      const bundle = buildBundle(makeModel(input), settings);
      checkBundle(bundle, settings.schemas);
      return Promise.resolve(bundle);
    },
  });
  const dependencies: PublisherDependencies = {
    publishing: createPublishing(sql),
    reports: elasticsearch.reports,
    search: elasticsearch.search,
    keys: createKeys(sql),
    describer,
  };
  const never = new AbortController().signal;

  async function analysed(text: string, tlp: Tlp, found: Partial<Report> = {}): Promise<Report> {
    const submission = testSubmission(key, [testFile(text)], { tlp, rescan: "all" });
    const { tasks: [made] } = await createSubmissions(sql).create(submission, EVERYTHING);
    const hold = { taskId: made!.id, attempt: 1 };
    const [task] = await tasks.claim([hold], "test", 60_000);
    const { id, submissionId, sha256, size, owner, ownerName, submitted } = task!;
    const report = makeReport({
      id,
      submissionId,
      sha256,
      size,
      tlp,
      owner,
      submitter: ownerName,
      submitted,
      started: submitted,
      finished: submitted,
      name: `${text}.bin`,
      modules: [foundRun("test", [{ type: "tag", value: "found" }])],
      ...found,
      digests: { ...found.digests, sha256 },
    });
    await elasticsearch.reports.store([report], facts.facts);
    const { level: verdict, score } = report.verdict;
    await tasks.complete([{ hold, revision: 1, verdict, score, fileType: report.fileType, runs: [] }]);
    return report;
  }

  async function relay(): Promise<void> {
    const stop = new AbortController();
    const relayed = runRelay({
      outbox: createOutbox(sql),
      queue: { publish: () => Promise.resolve(), tell: () => {} },
      samples: facts,
      tasks,
      reports: elasticsearch.reports as Reports,
      projector: elasticsearch.projector,
      parents: createParents(sql),
      knownHashes: createKnownHashes(sql),
      removals: createRemovals(sql),
      store: { remove: () => Promise.resolve(true) },
      recent: keepRecent(10),
      publishing: dependencies.publishing,
      hunt: () => Promise.resolve(),
    }, stop.signal);
    while ((await sql`select from outbox`).length > 0);
    stop.abort();
    await relayed;
  }

  async function records(name: string, versions: readonly ("all" | Timestamp)[] = []) {
    const collections = createCollections(sql);
    const { id } = (await collections.find(name, EVERYTHING))!;
    const all = { ids: [], types: [], specVersions: [], versions, limit: 10_000 };
    return (await collections.objects(id, all, EVERYTHING))!.items;
  }

  const owned = stack.move();
  return {
    sql,
    key,
    dependencies,
    search: elasticsearch.search,
    analysed,
    async revised(report, found) {
      const [parent] = await createParents(sql).take([report.id]);
      const next = { ...report, ...found, revision: parent!.revision };
      await elasticsearch.reports.store([next], facts.facts);
      await createParents(sql).judged(parent!, next.verdict.level, next.verdict.score);
    },
    async remove({ id }) {
      const removed = await tasks.remove(id as TaskId, EVERYTHING);
      if (removed !== "removed") throw new Error(`Cannot remove: ${removed}`);
      await elasticsearch.reports.remove(id as TaskId);
    },
    async publish(given = {}) {
      await relay();
      while (await publishOnce({ ...dependencies, ...given }, never));
    },
    relay,
    async newest(name) {
      const objects = (await records(name)).map(({ content }) => JSON.parse(content) as StixObject);
      return new Map(objects.map((object) => [object.id, object]));
    },
    records,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
