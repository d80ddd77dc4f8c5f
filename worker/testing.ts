import { EVERYTHING, type Lane, type Report, type Rescan, type Task } from "@assay/core";
import {
  Config,
  type ConfigInput,
  connectElasticsearch,
  connectPostgres,
  createKeys,
  createQueue,
  createSampleStore,
  createSubmissions,
  createTasks,
  type Elasticsearch,
  migrate,
  type Queue,
  type SampleStore,
  type Sql,
  type Tasks,
} from "@assay/infra";
import { testDatabase, testName, testStack } from "@assay/infra/testing";
import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { startWorker, type Worker } from "./start.ts";

/** A platform without a door: real servers with names of their own, and samples in a folder. */
export interface TestPlatform extends AsyncDisposable {
  readonly config: Config;
  readonly sql: Sql;
  readonly tasks: Tasks;
  readonly queue: Queue;
  readonly samples: SampleStore;
  readonly elasticsearch: Elasticsearch;
  /** Starts a worker on the fixtures' modules; it is stopped at the end. */
  start(folder?: URL): Promise<Worker & { stop(): Promise<void> }>;
  /** Stores these contents as one submission. */
  submit(contents: readonly (string | Uint8Array)[], how?: Partial<Submitted>): Promise<Task[]>;
  /** Resolves with the tasks once all of the submission are final, children too. */
  final(tasks: readonly Task[]): Promise<Task[]>;
  report(task: Task): Promise<Report>;
}

/** How samples are submitted. */
export interface Submitted {
  readonly lane: Lane;
  readonly rescan: Rescan;
  readonly modules: readonly string[] | null;
  readonly password: string | null;
  readonly name: string | null;
  readonly maxAttempts: number;
}

const fixtures = new URL("./inline/fixtures/", import.meta.url);

/** Opens it; everything is removed at the end of `await using`. */
export async function testPlatform(more: ConfigInput = {}): Promise<TestPlatform> {
  const stack = testStack();
  const database = await testDatabase();
  const prefix = testName();
  const path = await Deno.makeTempDir();
  const config = Config.parse({
    data: path,
    samples: { path },
    ...more,
    postgres: { url: database.url },
    nats: { url: stack.nats, prefix },
    elasticsearch: { url: stack.elasticsearch, indexPrefix: prefix },
    worker: { concurrency: 1, interactive: { maxWait: "1s" }, ...more.worker },
  });
  const sql = connectPostgres({ url: database.url, name: "test" });
  await migrate(sql);
  const tasks = createTasks(sql);
  const queue = createQueue({ url: stack.nats, prefix, name: "test" });
  await queue.prepare();
  const elasticsearch = connectElasticsearch({ url: stack.elasticsearch, prefix });
  await elasticsearch.search.prepare();
  const samples = await createSampleStore({ path });
  const { key } = await createKeys(sql).create({
    name: "test",
    scopes: ["admin"],
    maxTlp: "red",
    expires: null,
  });
  const workers: { stop(): Promise<void> }[] = [];

  return {
    config,
    sql,
    tasks,
    queue,
    samples,
    elasticsearch,

    async start(folder = fixtures) {
      const controller = new AbortController();
      const worker = await startWorker(config, controller.signal, folder);
      const one = {
        ...worker,
        stop: () => {
          controller.abort();
          return worker.ended;
        },
      };
      workers.push(one);
      return one;
    },

    async submit(contents, how = {}) {
      const files = await Promise.all(contents.map(async (content) => {
        const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
        const { sha256, size } = await samples.put(bytes, { maxBytes: 1e9 });
        return { sha256, size, name: how.name === undefined ? "sample.bin" : how.name };
      }));
      const { tasks } = await createSubmissions(sql).create({
        owner: key.id,
        ownerName: "test",
        tlp: "amber",
        tags: ["tagged"],
        metadata: { case: "7" },
        priority: how.lane ?? "interactive",
        rescan: how.rescan ?? "latest",
        modules: how.modules ?? null,
        password: how.password ?? null,
        files,
        maxAttempts: how.maxAttempts ?? 3,
      }, EVERYTHING);
      return tasks;
    },

    async final(of) {
      const id = of[0]!.submissionId;
      const list = async () => (await tasks.list({ submissionId: id }, { size: 200 }, EVERYTHING)).items;
      return await changes(queue, async () => {
        const all = await list();
        return all.every(({ finished }) => finished !== null) ? [...all] : null;
      });
    },

    async report(task) {
      const report = await elasticsearch.reports.find(task.reportId!, EVERYTHING);
      if (report === null) throw new Error(`Report '${task.reportId}' is missing`);
      return report;
    },

    async [Symbol.asyncDispose]() {
      for (const worker of workers) await worker.stop();
      await removeParts(stack, prefix);
      await queue.close();
      await elasticsearch.close();
      await sql.end();
      await database[Symbol.asyncDispose]();
      await Deno.remove(path, { recursive: true });
    },
  };
}

/** Looks now and after each task event until there is an answer. */
async function changes<T>(queue: Queue, look: () => Promise<T | null>): Promise<T> {
  const controller = new AbortController();
  const events = queue.listen(controller.signal)[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = events.next();
      // An event may have come before the first look; a task's last change is always told after it.
      await queue.ping();
      const answer = await look();
      if (answer !== null) return answer;
      await next;
    }
  } finally {
    controller.abort();
  }
}

/** Ends what was made on the shared servers. */
async function removeParts(stack: ReturnType<typeof testStack>, prefix: string): Promise<void> {
  const { host, username: user, password: pass } = new URL(stack.nats);
  const connection = await connect({ servers: host, user, pass });
  await (await jetstreamManager(connection)).streams.delete(`${prefix}_tasks`);
  await connection.close();
  for (const index of ["samples", "reports"]) {
    const url = new URL(`/${prefix}-${index}-000001`, stack.elasticsearch);
    await (await fetch(url, { method: "DELETE" })).body?.cancel();
  }
}
