import {
  EVERYTHING,
  EXPORT_KIND,
  type JobId,
  type ListId,
  newId,
  type Report,
  type ReportsExport,
  type Sha256,
  type SubmissionId,
  type TaskId,
} from "@assay/core";
import {
  type ApiKey,
  createExportFiles,
  createJobs,
  createKeys,
  createSampleLists,
  createSubmissions,
  type ExportFiles,
  type Job,
  type Jobs,
  runJobs,
  type SampleLists,
} from "@assay/infra";
import {
  digestOf,
  factsOf,
  foundRun,
  makeReport,
  testElasticsearch,
} from "../../infra/elasticsearch/testing.ts";
import { testSql, testSubmission } from "../../infra/postgres/testing.ts";
import { testStack } from "../../infra/stack/testing.ts";
import { exportKind } from "./kind.ts";
import { type ExportPlace, openExportStores, type OpenStores } from "./fixtures/stores.ts";

/** Stored reports, and what makes files of them, over real servers; all of it goes at the end of `await using`. */
export interface ExportWorld extends AsyncDisposable {
  readonly jobs: Jobs;
  readonly files: ExportFiles;
  readonly lists: SampleLists;
  /** Where another process finds all this. */
  readonly place: ExportPlace;
  /** A list of these reports' samples that everybody sees, handed in at their levels. */
  listOf(reports: readonly Report[], owner: ApiKey): Promise<ListId>;
  store(reports: Iterable<Report>): Promise<void>;
  key(maxTlp: ApiKey["maxTlp"]): Promise<ApiKey>;
  /** Asks for a file; JSON in a zip of all samples where nothing else is said. */
  ask(owner: ApiKey, given?: Partial<ReportsExport>): Promise<JobId>;
  /** Runs jobs until the end of the world. */
  start(): Promise<OpenStores>;
  /** Resolves once the job is over. */
  over(id: JobId): Promise<Job>;
  read(id: JobId): Promise<Uint8Array<ArrayBuffer> | null>;
}

/** Stores these reports. `place` says what is different in its runners; `onHang` is called where they hang. */
export async function exportWorld(
  reports: Iterable<Report>,
  { onHang, ...place }: Partial<ExportPlace> & { readonly onHang?: () => void } = {},
): Promise<ExportWorld> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testSql());
  const elasticsearch = stack.use(await testElasticsearch());
  const folder = stack.adopt(await Deno.makeTempDir(), (path) => Deno.remove(path, { recursive: true }));
  await fill(elasticsearch, reports);
  const jobs = createJobs(database.sql);
  const lists = createSampleLists(database.sql);
  const files = await createExportFiles({ path: folder });
  const whole: ExportPlace = {
    postgres: database.url,
    elasticsearch: testStack().elasticsearch,
    prefix: elasticsearch.prefix,
    folder,
    lease: 60_000,
    maxReports: 10_000,
    maxBytes: 2 ** 30,
    failing: [],
    hangAt: null,
    ...place,
  };
  const stop = new AbortController();
  const running: Promise<void>[] = [];
  stack.defer(async () => {
    stop.abort();
    await Promise.all(running);
  });
  const owned = stack.move();
  return {
    jobs,
    files,
    lists,
    place: whole,
    async listOf(given, owner) {
      for (const [tlp, some] of Map.groupBy(given, (report) => report.tlp)) {
        const files = some.map(({ sha256, size, name }) => ({ sha256, size, name }));
        await createSubmissions(database.sql).create(testSubmission(owner, files, { tlp }), EVERYTHING);
      }
      const label = { name: "list", description: null, tlp: "clear" } as const;
      const list = await lists.create(label, owner);
      if (list === "name-taken") throw new Error("Cannot make two lists in one world");
      const visibility = { reader: owner.id, maxTlp: owner.maxTlp };
      await lists.put(list.id, given.map(({ sha256 }) => sha256), owner, visibility);
      return list.id;
    },
    store: (more) => fill(elasticsearch, more),
    key: async (maxTlp) =>
      (await createKeys(database.sql).create({ name: maxTlp, scopes: ["read"], maxTlp, expires: null })).key,
    async ask(owner, given = {}) {
      const asked: ReportsExport = {
        format: "json",
        container: "zip",
        profile: null,
        defang: null,
        sections: null,
        mode: "default",
        scope: "samples",
        ...given,
      };
      return (await jobs.create(EXPORT_KIND, { export: asked, expected: null }, owner.id)).id;
    },
    async start() {
      const stores = owned.use(await openExportStores(whole, onHang));
      running.push(runJobs({
        jobs,
        kinds: new Map([[EXPORT_KIND, exportKind]]),
        stores,
        worker: "test",
        lease: whole.lease,
      }, stop.signal));
      return stores;
    },
    async over(id) {
      for (;;) {
        const job = (await jobs.find(id))!;
        if (job.finished !== null) return job;
      }
    },
    async read(id) {
      const file = await files.open(id);
      return file && await new Response(file.stream).bytes();
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A small report of its own that says something in every form. */
export function smallReport(at: number, given: Partial<Report> = {}): Report {
  const sha256 = digestOf(`small ${at}`);
  return makeReport({
    id: `01J${String(at).padStart(23, "0")}` as TaskId,
    submissionId: newId<SubmissionId>(),
    sha256: sha256 as Sha256,
    digests: { sha256, md5: sha256.slice(0, 32) },
    name: `sample ${at}.exe`,
    tlp: "green",
    modules: [foundRun("strings", [
      { type: "observable", kind: "domain", value: "shared.example", source: "string" },
      { type: "observable", kind: "domain", value: `host${at}.example`, source: "string" },
    ])],
    ...given,
  });
}

type Filled = Pick<Awaited<ReturnType<typeof testElasticsearch>>, "reports">;

/** Stores reports of samples that have no other, some hundreds at a time. */
async function fill({ reports: stored }: Filled, reports: Iterable<Report>): Promise<void> {
  let batch: Report[] = [];
  const store = async () => {
    const bySample = new Map(batch.map((report) => [report.sha256, report]));
    const { failed } = await stored.store(
      batch,
      (sha256s) => Promise.resolve(sha256s.map((sha256) => factsOf([bySample.get(sha256)!]))),
    );
    if (failed.size > 0) throw new Error(`Cannot store: ${[...failed.values()][0]}`);
    batch = [];
  };
  for (const report of reports) {
    batch.push(report);
    if (batch.length === 500) await store();
  }
  if (batch.length > 0) await store();
}
