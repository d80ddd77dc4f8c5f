import { type ClaimedTask, type ModuleRun, type Observation, reasonOf, type TaskEvent } from "@assay/core";
import { type CachedResult, type KeptResult, RESULTS } from "../cache/results.ts";
import type { InlineEnd } from "../inline/job.ts";
import { type FileTypeRaw, readFileType } from "../inline/protocol.ts";
import type { Findings } from "../module/define.ts";
import type { LoadedModule } from "../registry/registry.ts";
import type { AnalysisDependencies } from "./dependencies.ts";
import { createExtraction } from "./extraction.ts";
import { planTask } from "./plan.ts";
import { readPatiently } from "./read.ts";
import type { ToolSample } from "./tools.ts";

/** One task of a batch. */
export interface BatchTask {
  readonly task: ClaimedTask;
  /** Aborts when the task was cancelled or lost, or the worker stops. */
  readonly signal: AbortSignal;
}

/** A sample analysed: every module has ended. */
export interface Analysis {
  readonly task: ClaimedTask;
  readonly type: FileTypeRaw;
  readonly runs: readonly ModuleRun[];
  readonly children: readonly { sha256: ClaimedTask["sha256"]; size: number; name: string }[];
  readonly limits: readonly string[];
  /** What to keep for the next scan; null where nothing is new. */
  readonly results: readonly KeptResult[] | null;
}

/** One sample on its way through a batch. */
export class Scan {
  readonly task: ClaimedTask;
  /** Resolves once its type is known, or never will be. */
  readonly typed: Promise<void>;
  /** Resolves once results from before are loaded; false where that failed. */
  readonly prepared: Promise<boolean>;
  readonly #signal: AbortSignal;
  readonly #dependencies: AnalysisDependencies;
  readonly #plan: ReturnType<typeof planTask>;
  readonly #keys: ReadonlyMap<string, string>;
  readonly #extraction: ReturnType<typeof createExtraction>;
  readonly #ends = new Map<string, InlineEnd>();
  readonly #passwords: readonly string[];
  readonly #attaching: Promise<void>[] = [];
  readonly #notes: string[] = [];
  readonly #setTyped: () => void;
  readonly #setPrepared: (loaded: boolean) => void;
  #cached: ReadonlyMap<string, CachedResult> = new Map();
  #type: FileTypeRaw = readFileType(undefined);

  constructor({ task, signal }: BatchTask, dependencies: AnalysisDependencies) {
    this.task = task;
    this.#signal = signal;
    this.#dependencies = dependencies;
    this.#plan = planTask(task, dependencies.registry);
    this.#passwords = [...task.password === null ? [] : [task.password], ...dependencies.passwords];
    this.#keys = dependencies.keys({ name: task.name, passwords: this.#passwords });
    this.#extraction = createExtraction(task, dependencies.samples, dependencies.extraction);
    const typed = Promise.withResolvers<void>();
    const prepared = Promise.withResolvers<boolean>();
    this.typed = typed.promise;
    this.prepared = prepared.promise;
    this.#setTyped = typed.resolve;
    this.#setPrepared = prepared.resolve;
  }

  async runInline(): Promise<void> {
    const { task } = this;
    const { cache, pool, samples } = this.#dependencies;
    try {
      if (task.rescan !== "all") {
        const wanted = this.#plan.run.flatMap((
          { module: { name } },
        ) => [[name, this.#keys.get(name)!] as const]);
        this.#cached = await cache.load(task.sha256, new Map(wanted));
        this.#readType(this.#cached.get("filetype")?.findings);
      }
      this.#setPrepared(true);
      const toRun = this.#plan.run.filter(({ module }) =>
        module.kind === "inline" && !this.#cached.has(module.name)
      );
      const modules = toRun.map(({ module }) => module.name);
      const known = new Map<string, Findings>();
      for (const name of new Set(["filetype", ...toRun.flatMap(({ module }) => module.requires ?? [])])) {
        const findings = this.#cached.get(name)?.findings;
        if (findings) known.set(name, findings);
      }
      await pool.run({
        sha256: task.sha256,
        size: task.size,
        name: task.name,
        passwords: this.#passwords,
        modules,
        known,
        urgent: task.lane === "interactive",
        signal: this.#signal,
        read: () => readPatiently(samples, task.sha256, this.#signal),
        onStart: (module) => this.#tell(module, "started"),
        onEnd: (module, end) => this.#end(module, end),
        onChild: (module, name, bytes) => this.#extraction.keep(module, name, bytes),
      });
    } finally {
      this.#setPrepared(false);
      this.#setTyped();
    }
  }

  wants({ module }: LoadedModule): boolean {
    return this.#plan.run.some((loaded) => loaded.module === module);
  }

  waitsForTools(): boolean {
    return this.#plan.run.some(({ module }) => module.kind === "command" && !this.#ends.has(module.name));
  }

  /** The sample for a tool; null where its result is there already, or the tool doesn't take it. */
  forTool({ module }: LoadedModule): ToolSample | null {
    const { task } = this;
    if (this.#cached.has(module.name)) return null;
    const { fileType } = this.#type;
    if (module.accepts && !module.accepts.includes(fileType)) {
      const reason = `Does not take files of type '${fileType}'`;
      this.#end(module.name, { status: "skipped", reason, started: null, durationMs: 0 });
      return null;
    }
    if (this.#signal.aborted) {
      this.#end(module.name, { status: "cancelled", reason: "Cancelled", started: null, durationMs: 0 });
      return null;
    }
    return {
      sha256: task.sha256,
      size: task.size,
      fileType,
      path: this.#dependencies.samples.path(task.sha256),
      onStart: () => this.#tell(module.name, "started"),
      onChild: (name, bytes) => this.#extraction.keep(module.name, name, bytes),
      onEnd: (end) => this.#end(module.name, end),
    };
  }

  /** All modules as runs. @throws where files extracted could not be kept */
  async conclude(): Promise<Analysis> {
    await Promise.all(this.#attaching);
    const failure = this.#extraction.failure();
    if (failure !== null) throw failure;
    const { registry } = this.#dependencies;
    const runs = [
      ...this.#plan.run.map((loaded) => this.#runOf(loaded)),
      ...[...this.#plan.skip].flatMap(([name, reason]) => skippedRun(name, reason, registry)),
    ];
    const limits = runs.flatMap(({ module }) => {
      const end = this.#ends.get(module);
      return end?.status === "ok" ? end.findings.limits : this.#cached.get(module)?.findings?.limits ?? [];
    });
    return {
      task: this.task,
      type: this.#type,
      runs,
      children: this.#plan.run.flatMap(({ module }) => this.#childrenOf(module.name)),
      limits: [...limits, ...this.#withoutPassword(), ...this.#notes, ...this.#extraction.limits()],
      results: this.#toKeep(),
    };
  }

  #end(module: string, end: InlineEnd): void {
    this.#ends.set(module, end);
    if (module === "filetype") {
      if (end.status === "ok") this.#readType(end.findings);
      this.#setTyped();
    }
    if (end.status === "ok" && end.attachment) this.#attaching.push(this.#attach(module, end.attachment));
    this.#tell(module, end.status);
  }

  #readType(findings: Pick<Findings, "raw"> | null | undefined): void {
    if (!findings) return;
    this.#type = readFileType(findings.raw);
    this.#setTyped();
  }

  async #attach(module: string, { name, gzip }: { name: string; gzip: Uint8Array }): Promise<void> {
    try {
      if (name === RESULTS) throw new RangeError(`'${name}' is the framework's own`);
      await this.#dependencies.samples.attach(this.task.sha256, name, gzip);
    } catch (error) {
      this.#notes.push(`${module}: attachment not kept: ${reasonOf(error)}`);
    }
  }

  /** A password forgotten before this try was not tried. */
  #withoutPassword(): string[] {
    if (!this.task.passwordForgotten) return [];
    return this.#plan.run.filter(({ module }) => module.readsPassword).map(({ module: { name } }) =>
      `${name}: ran without the submission's password, which was forgotten when the submission was over`
    );
  }

  #childrenOf(module: string) {
    return this.#cached.get(module)?.kept.children ?? this.#extraction.of(module);
  }

  #runOf({ module, version, definition }: LoadedModule): ModuleRun {
    const base = { module: module.name, category: module.category, version, definition };
    const cached = this.#cached.get(module.name);
    if (cached) {
      const run = { ...base, started: null, durationMs: 0, cached: true };
      return cached.findings === null
        ? { ...run, status: "nothing" }
        : { ...run, status: "ok", ...this.#found(module.name, cached.findings) };
    }
    const end = this.#ends.get(module.name);
    if (!end) throw new Error(`Cannot conclude: '${module.name}' has not ended`);
    const run = { ...base, started: end.started, durationMs: end.durationMs, cached: false };
    if (end.status === "ok") return { ...run, status: "ok", ...this.#found(module.name, end.findings) };
    return end.status === "nothing"
      ? { ...run, status: "nothing" }
      : { ...run, status: end.status, reason: end.reason.toWellFormed() };
  }

  #found(module: string, { observations, raw }: Pick<Findings, "observations" | "raw">) {
    const children = this.#childrenOf(module).map((child): Observation => ({ type: "child", ...child }));
    return {
      observations: children.length === 0 ? observations : [...observations, ...children],
      raw: raw ?? null,
    };
  }

  /** Results of runs that ended `ok` or `nothing`, and whose requirements did too: the key says no more than that. */
  #toKeep(): KeptResult[] | null {
    if (this.#ends.size === 0) return null;
    const sound = new Set<string>();
    return this.#plan.run.flatMap(({ module }) => {
      const { name } = module;
      const cached = this.#cached.get(name);
      const end = this.#ends.get(name);
      const good = cached || end?.status === "ok" || end?.status === "nothing";
      const based = name === "filetype" ||
        ["filetype", ...module.requires ?? []].every((other) => sound.has(other));
      if (!good || !based) return [];
      sound.add(name);
      if (cached) return [cached.kept];
      return [{
        module: name,
        key: this.#keys.get(name)!,
        json: end?.status === "ok" ? end.json : null,
        children: this.#extraction.of(name),
        limits: end?.status === "ok" ? end.findings.limits : [],
      }];
    });
  }

  #tell(module: string, status: Extract<TaskEvent, { type: "module" }>["status"]): void {
    const { id, submissionId } = this.task;
    this.#dependencies.tell({
      type: "module",
      taskId: id,
      submissionId,
      module,
      status,
      at: new Date().toISOString(),
    });
  }
}

function skippedRun(
  name: string,
  reason: string,
  { descriptions }: AnalysisDependencies["registry"],
): ModuleRun[] {
  const known = descriptions.find((one) => one.name === name);
  if (!known) return [];
  const base = { module: name, category: known.category, version: null, definition: null };
  return [{
    ...base,
    started: null,
    durationMs: 0,
    cached: false,
    status: "skipped",
    reason: reason.slice(0, 2000),
  }];
}
