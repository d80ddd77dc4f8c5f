import { ImportReading, type Report, type Sha256, SubmissionOptions, type TaskId } from "@assay/core";
import {
  type ApiKey,
  Config,
  connectElasticsearch,
  connectImportReader,
  connectPostgres,
  connectReportExports,
  createAudit,
  createCollections,
  createExportFiles,
  createHunts,
  createImports,
  createJobs,
  createKeys,
  createKnownHashes,
  createLegalHolds,
  createModules,
  createNotes,
  createNotifications,
  createPartners,
  createPublications,
  createPublishing,
  createQueue,
  createRelatives,
  createSampleLists,
  createSamples,
  createSampleStore,
  createSampleTags,
  createSavedSearches,
  createSubmissions,
  createTasks,
  type ExportFiles,
  type Hunts,
  type Jobs,
  migrate,
  type Partners,
  type Publishing,
  type Queue,
  type Tasks,
} from "@assay/infra";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { getLogger } from "@logtape/logtape";
import type { z } from "zod";
import { foundRun, makeReport, testElasticsearch } from "../../infra/elasticsearch/testing.ts";
import { testReportExports } from "../../infra/reports/testing.ts";
import { testDatabase, testName, testStack } from "../../infra/stack/testing.ts";
import { createApi } from "./create.ts";
import type { ApiDependencies, ApiSettings } from "./dependencies.ts";
import type { ApiEnvironment } from "./environment.ts";
import { settingsOf } from "./settings.ts";

/** The API over real servers, with a database, indices and a folder of its own; all of it goes at the end of `await using`. */
export interface TestApi extends AsyncDisposable {
  readonly app: OpenAPIHono<ApiEnvironment>;
  /** The administrator's key. */
  readonly admin: string;
  readonly tasks: Tasks;
  readonly jobs: Jobs;
  readonly exports: ExportFiles;
  readonly hunts: Hunts;
  readonly partners: Partners;
  readonly publishing: Publishing;
  readonly queue: Queue;
  /** Asks with the administrator's key; another by `key`, none where it is null. */
  ask(path: string, init?: RequestInit & { key?: string | null }): Promise<Response>;
  makeKey(given: Partial<ApiKey>): Promise<{ key: ApiKey; text: string }>;
  /** Submits these bytes and analyses them, with these findings: gives the report that is stored. */
  analysed(
    text: string,
    name: string,
    options?: z.input<typeof SubmissionOptions>,
    key?: string,
    found?: Partial<Report>,
  ): Promise<Report>;
  /** Paths of all files in the sample store, temporary ones too. */
  storedFiles(): Promise<string[]>;
}

/**
 * An API for a test; `search` makes indices in Elasticsearch, which takes a second, and `exports` starts a reports process besides, which
 * takes another.
 */
export async function testApi(
  settings: Partial<ApiSettings> = {},
  given: { search?: boolean; exports?: boolean; replace?: Partial<ApiDependencies> } = {},
): Promise<TestApi> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase());
  const sql = connectPostgres({ url: database.url, name: "api test", max: 4 });
  stack.defer(() => sql.end());
  await migrate(sql);
  const indices = given.search || given.exports ? stack.use(await testElasticsearch()) : null;
  const elasticsearch = indices ??
    stack.adopt(
      connectElasticsearch({ url: testStack().elasticsearch, prefix: testName() }),
      (es) => es.close(),
    );
  const reports = given.exports
    ? stack.use(await testReportExports({ postgres: database.url, prefix: indices!.prefix }))
    : null;
  const reportExports = reports ??
    connectReportExports({ url: "http://127.0.0.1:1", secret: "nobody is there" });
  const queue = stack.adopt(createQueue({ url: testStack().nats, prefix: testName() }), (one) => one.close());
  await queue.ping(); // one that closes before it is connected would leave its connection behind
  const folder = stack.adopt(await Deno.makeTempDir(), (path) => Deno.remove(path, { recursive: true }));
  const stop = new AbortController();
  stack.defer(() => stop.abort());

  const keys = createKeys(sql);
  const tasks = createTasks(sql);
  const jobs = createJobs(sql);
  const facts = createSamples(sql);
  const hunts = createHunts(sql);
  const partners = createPartners(sql);
  const exports = await createExportFiles({ path: folder });
  const samples = await createSampleStore({ path: folder });
  const { text: admin } = await keys.create({
    name: "admin",
    scopes: ["submit", "read", "download", "annotate", "delete", "admin"],
    maxTlp: "red",
    expires: null,
  });
  const app = createApi({
    submissions: createSubmissions(sql),
    tasks,
    keys,
    audit: createAudit(sql),
    sampleFacts: facts,
    samples,
    reports: elasticsearch.reports,
    reportExports,
    search: elasticsearch.search,
    numbers: elasticsearch.numbers,
    relatives: createRelatives(sql),
    pivots: elasticsearch.pivots,
    queue,
    jobs,
    exports,
    knownHashes: createKnownHashes(sql),
    imports: createImports(sql),
    partners,
    importReader: reports ? connectImportReader(reports.address) : readingItself,
    legalHolds: createLegalHolds(sql),
    notes: createNotes(sql),
    sampleTags: createSampleTags(sql),
    lists: createSampleLists(sql),
    searches: createSavedSearches(sql),
    hunts,
    notifications: createNotifications(sql),
    publications: createPublications(sql),
    collections: createCollections(sql),
    modules: () => createModules(sql).list(),
    checks: { postgres: async () => void await sql`select 1`, samples: samples.check },
    page: new Map(),
    docs: new Map(),
    settings: { ...settingsOf(Config.parse({})), ...settings },
    now: () => new Date(),
    log: getLogger(["assay", "api"]),
    stopping: stop.signal,
    stopped: stop.signal,
    ...given.replace,
  });

  const ask: TestApi["ask"] = async (path, { key = admin, ...init } = {}) => {
    const headers = new Headers(init.headers);
    if (key !== null) headers.set("authorization", `Bearer ${key}`);
    return await app.request(path, { ...init, headers });
  };

  async function analysed(
    text: string,
    name: string,
    options: z.input<typeof SubmissionOptions> = {},
    key: string = admin,
    found: Partial<Report> = {},
  ): Promise<Report> {
    const body = new FormData();
    body.append("file", new File([text], name));
    body.append("options", JSON.stringify(options));
    const answer = await (await ask("/api/v1/submissions", { method: "POST", body, key })).json();
    const holds = answer.tasks.map(({ id }: { id: TaskId }) => ({ taskId: id, attempt: 1 }));
    const [task] = await tasks.claim(holds, "test", 60_000);
    const { id, submissionId, sha256, size, tlp, owner, ownerName, tags, submitted } = task!;
    const report = makeReport({
      id,
      submissionId,
      sha256,
      size,
      name,
      tlp,
      owner,
      submitter: ownerName,
      tags: [...tags],
      submitted,
      modules: [foundRun("test", [{ type: "tag", value: "found" }])],
      ...found,
      digests: { ...found.digests, sha256: sha256 as Sha256 },
    });
    await elasticsearch.reports.store([report], facts.facts);
    const { level: verdict, score } = report.verdict;
    await tasks.complete([{
      hold: holds[0],
      revision: 1,
      verdict,
      score,
      fileType: report.fileType,
      runs: [],
    }]);
    const known = await facts.facts([sha256 as Sha256]);
    await elasticsearch.projector.project(known.map((one) => ({ facts: one, report })));
    return report;
  }

  const owned = stack.move();
  return {
    app,
    admin,
    tasks,
    jobs,
    exports,
    hunts,
    partners,
    publishing: createPublishing(sql),
    queue,
    ask,
    makeKey: (key) => keys.create({ name: "key", scopes: ["read"], maxTlp: "amber", expires: null, ...key }),
    analysed,
    storedFiles: () => filesIn(folder, ""),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Takes files that are what reading them gives; the reports process reads real ones. */
const readingItself: ApiDependencies["importReader"] = {
  read: (file) => Promise.resolve(ImportReading.parse(JSON.parse(new TextDecoder().decode(file)))),
};

async function filesIn(folder: string, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(`${folder}/${prefix}`)) {
    if (isDirectory) found.push(...await filesIn(folder, `${prefix}${name}/`));
    else found.push(`${prefix}${name}`);
  }
  return found.sort();
}

/** One operation of the description. */
export interface Operation {
  readonly id: string;
  readonly method: string;
  /** With well-formed values for its parameters. */
  readonly path: string;
  /** Scopes that it asks for; null where no key is needed. */
  readonly scopes: readonly string[] | null;
}

/** Every operation that the API describes. */
export async function operations(api: TestApi): Promise<Operation[]> {
  const document = await (await api.app.request("/api/openapi.json")).json();
  const paths: Record<string, Record<string, { operationId: string; security?: { key: string[] }[] }>> =
    document.paths;
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId, security }]) => ({
      id: operationId,
      method: method.toUpperCase(),
      path: path.replaceAll(/\{(id|other)\}/g, "01ARZ3NDEKTSV4RRFFQ69G5FAV").replace(
        /\{(sha256|value)\}/,
        "f".repeat(64),
      )
        .replace("{tag}", "tag").replace("{name}", "name").replace("{format}", "json"),
      scopes: security?.[0]?.key ?? null,
    }))
  );
}
