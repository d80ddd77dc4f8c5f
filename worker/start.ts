import { EVERYTHING, type ModuleDescription, reasonOf, type TaskId, type Timestamp } from "@assay/core";
import {
  type Config,
  connectElasticsearch,
  connectPostgres,
  createAudit,
  createExportFiles,
  createHunts,
  createImports,
  createJobs,
  createKeys,
  createKnownHashes,
  createModules,
  createNotifications,
  createOutbox,
  createParents,
  createPublishing,
  createQueue,
  createRemovals,
  createRescans,
  createRetention,
  createSampleLists,
  createSamples,
  createSampleStore,
  createSampleTags,
  createSavedSearches,
  createTasks,
  pause,
  releaseIndices,
  runJobs,
  samplesPath,
} from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { makeKeys } from "./cache/key.ts";
import { createResultCache } from "./cache/results.ts";
import { createInlinePool, type InlinePool } from "./inline/pool.ts";
import { createHunting } from "./hunt/hunt.ts";
import { runExpiry } from "./jobs/expire.ts";
import type { JobStores } from "./jobs/kind.ts";
import { loadKinds } from "./jobs/kinds.ts";
import { scheduleRetention } from "./jobs/schedule.ts";
import type { LaneDependencies } from "./lane/dependencies.ts";
import { holdTasks } from "./lane/held.ts";
import { runLane } from "./lane/lane.ts";
import { throttle } from "./lane/progress.ts";
import { loadModules, toolsOf } from "./registry/load.ts";
import type { Registry } from "./registry/registry.ts";
import { keepRecent } from "./relay/recent.ts";
import { runRelay } from "./relay/relay.ts";
import { runUpkeep } from "./relay/upkeep.ts";

import { openSandbox } from "./sandbox/open.ts";

/** A running worker. */
export interface Worker {
  /** Names of the modules that it runs. */
  readonly modules: readonly string[];
  /** Resolves once it has stopped; rejects where it can't go on. */
  readonly ended: Promise<void>;
}

/** How long batches may take to end once the worker is told to stop; then they are given back. */
const GRACE_MS = 7_000;
const MiB = 1024 * 1024;
/** Of one child; WebAssembly and samples count for the second only. */
export const CHILD_LIMITS = { heapMegabytes: 512, maxResident: 1536 * MiB } as const;
/** Reports kept until their samples' documents are built. */
const RECENT = 150;

const log = getLogger(["assay", "worker"]);

/**
 * Starts a worker: it takes batches from both lanes, relays the outbox and looks after lost tasks until `stop` aborts.
 * Modules may come from another folder, for tests.
 * @throws {Error} where its configuration is wrong or PostgreSQL, NATS or Elasticsearch can't be reached at the start
 */
export async function startWorker(config: Config, stop: AbortSignal, folder?: URL): Promise<Worker> {
  const registry = await loadModules(config, folder);
  const pool = openPool(config, registry);
  const postgres = needed(config.postgres.url, "postgres");
  const sql = connectPostgres({ url: postgres, name: "worker" });
  const queue = createQueue({
    url: needed(config.nats.url, "nats"),
    prefix: config.nats.prefix,
    name: "worker",
  });
  const elasticsearch = connectElasticsearch({
    url: needed(config.elasticsearch.url, "elasticsearch"),
    apiKey: config.elasticsearch.apiKey ?? undefined,
    prefix: config.elasticsearch.indexPrefix,
  });
  async function close(): Promise<void> {
    await pool.close();
    await queue.close();
    await sql.end({ timeout: 2 });
    await elasticsearch.close();
  }

  try {
    const sandbox = await openSandbox(config.worker.sandbox);
    if (sandbox.missing !== null) {
      log.warn("Tools run without a sandbox: {reason}", { reason: sandbox.missing });
    } else if (sandbox.unlimited !== null) {
      log.warn("Processes of tools are counted, not limited: {reason}", { reason: sandbox.unlimited });
    }
    const store = await createSampleStore({
      path: samplesPath(config),
      mount: config.samples.mount,
      sharding: config.samples.sharding,
    });
    await queue.prepare();
    for (const outdated of await elasticsearch.search.prepare()) log.warn("{outdated}", { outdated });
    const able = withoutClosed(registry, await pool.opened);
    await createModules(sql).announce(able.descriptions);

    const tasks = createTasks(sql);
    const samples = createSamples(sql);
    const tell = throttle((event) => queue.tell(event));
    const tellLost = async (id: TaskId) => {
      const task = await tasks.find(id, EVERYTHING).catch(() => null);
      if (task?.status !== "cancelled") return;
      const { submissionId, status, reason } = task;
      tell({ type: "task", taskId: id, submissionId, status, reason, reportId: null, at: now() });
    };
    const held = holdTasks(tasks, config.worker.lease, (id) => void tellLost(id));
    const recent = keepRecent(RECENT);
    const dependencies: LaneDependencies = {
      analysis: {
        registry: able,
        keys: makeKeys(able.modules),
        cache: createResultCache(store),
        pool,
        sandbox,
        tools: toolsOf(config),
        samples: store,
        extraction: config.extraction,
        passwords: config.passwords,
        tell,
      },
      queue,
      tasks,
      reports: elasticsearch.reports,
      samples,
      knownHashes: createKnownHashes(sql),
      held,
      recent,
      worker: `${Deno.hostname()}:${Deno.pid}`,
      lease: config.worker.lease,
      tell,
    };
    const judging = {
      parents: createParents(sql),
      queue,
      reports: elasticsearch.reports,
      samples,
      knownHashes: dependencies.knownHashes,
    };
    const kinds = await loadKinds();
    const jobs = createJobs(sql);
    const stores = {
      hunts: createHunts(sql),
      searches: createSavedSearches(sql),
      tell,
      keys: createKeys(sql),
      audit: createAudit(sql),
      search: elasticsearch.search,
      reports: elasticsearch.reports,
      tasks,
      sampleFacts: createSamples(sql),
      sampleTags: createSampleTags(sql),
      lists: createSampleLists(sql),
      rescans: createRescans(sql),
      exports: await createExportFiles({ path: samplesPath(config), mount: config.samples.mount }),
      retention: createRetention(sql, config.retention),
      imports: createImports(sql),
      judging,
      maxAttempts: config.worker.maxAttempts,
    } satisfies JobStores;
    const abandon = new AbortController();
    // What relays and looks after tasks goes on until the last batch has ended.
    const idle = new AbortController();
    const background = Promise.all([
      runRelay({
        ...judging,
        reports: elasticsearch.reports,
        outbox: createOutbox(sql),
        tasks,
        projector: elasticsearch.projector,
        removals: createRemovals(sql),
        store,
        recent,
        publishing: createPublishing(sql),
        hunt: createHunting({
          hunts: stores.hunts,
          keys: stores.keys,
          search: elasticsearch.search,
          maxAttempts: config.worker.maxAttempts,
          tell,
        }),
      }, idle.signal),
      runUpkeep(
        { tasks, queue, release: () => releaseIndices(postgres, elasticsearch.indices) },
        idle.signal,
      ),
      runJobs({ jobs, kinds, stores, worker: dependencies.worker, lease: config.jobs.lease }, stop),
      ...config.retention.length === 0
        ? []
        : [scheduleRetention({ retention: stores.retention, jobs, postgres }, idle.signal)],
      runExpiry({
        jobs,
        exports: stores.exports,
        notifications: createNotifications(sql),
        keep: config.jobs.keepResults,
      }, idle.signal),
    ]);
    const { batch, interactive } = config.worker;
    const lanes = Promise.all([
      runLane({ lane: "bulk", ...batch }, dependencies, stop, abandon.signal),
      runLane({ lane: "interactive", ...interactive }, dependencies, stop, abandon.signal),
    ]);

    const run = async () => {
      try {
        const stopped = new Promise<void>((resolve) => {
          if (stop.aborted) resolve();
          stop.addEventListener("abort", () => resolve(), { once: true });
        });
        await Promise.race([stopped, pool.broken, lanes, background]);
        const done = new AbortController();
        await Promise.race([lanes, pause(GRACE_MS, done.signal)]);
        done.abort();
      } finally {
        if (held.size > 0) {
          await held.release().catch((error) =>
            log.error("Cannot give tasks back: {error}", { error: reasonOf(error) })
          );
        }
        held.close();
        abandon.abort(new Error("The worker stops"));
        idle.abort();
        await pool.close();
        await Promise.allSettled([lanes, background]);
        await close();
      }
    };
    return { modules: able.modules.map(({ module }) => module.name), ended: run() };
  } catch (error) {
    await close();
    throw error;
  }
}

function now(): Timestamp {
  return new Date().toISOString() as Timestamp;
}

/** The children for a configuration's inline modules. */
export function openPool(config: Config, registry: Registry): InlinePool {
  const inline = registry.modules.filter(({ module }) => module.kind === "inline");
  const timeouts = new Map(inline.map(({ module, timeoutMs }) => [module.name, timeoutMs]));
  return createInlinePool({
    size: config.worker.concurrency,
    modules: inline.map(({ module, url, options }) => ({ name: module.name, url, options })),
    extraction: config.extraction,
    timeoutOf: (module) => timeouts.get(module)!,
    ...CHILD_LIMITS,
  });
}

/** Modules that a child could not open are unavailable too. */
function withoutClosed(registry: Registry, closed: Readonly<Record<string, string>>): Registry {
  const isClosed = (name: string) => Object.hasOwn(closed, name);
  return {
    ...registry,
    modules: registry.modules.filter(({ module }) => !isClosed(module.name)),
    unavailable: [
      ...registry.unavailable,
      ...registry.modules.filter(({ module }) => isClosed(module.name))
        .map(({ module }) => ({ name: module.name, module, reason: closed[module.name]! })),
    ],
    descriptions: registry.descriptions.map((one): ModuleDescription =>
      isClosed(one.name) ? { ...one, available: false, reason: closed[one.name]! } : one
    ),
  };
}

function needed(url: string | null, name: string): string {
  if (url === null) throw new TypeError(`Cannot start worker: expected '${name}.url' to be resolved`);
  return url;
}
