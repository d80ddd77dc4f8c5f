import type { ModuleCategory, Observation, Sha256 } from "@assay/core";
import type { z } from "zod";
import type { Sandbox } from "../sandbox/sandbox.ts";

/** Largest sample in bytes that a module takes where it says nothing else. */
export const DEFAULT_MAX_SIZE = 256 * 1024 * 1024;
/** Milliseconds that a module may take for one sample where it says nothing else. */
export const DEFAULT_TIMEOUT = 30_000;

/** Plain JSON. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** What a module found on one sample. Return `null` (not empty findings) where it found nothing. */
export interface Findings {
  readonly observations: Observation[];
  /** Everything else worth keeping, as plain JSON; searchable as flattened text. Framework limit: 1 MiB. */
  readonly raw?: Json;
  /** Files extracted. The framework bounds, hashes and stores them and adds the `child` observations. */
  readonly children?: readonly ExtractedFile[];
  /** A big by-product kept beside the sample, gzipped by the module (e.g. all strings, one a line). */
  readonly attachment?: { readonly name: string; readonly gzip: Uint8Array };
  /** What the module's own limits left out, in words, e.g. `strings: 2,000 of 41,233 kept`. */
  readonly limits?: readonly string[];
}

/** A file found inside a sample. */
export interface ExtractedFile {
  /** Its name inside the parent; hostile text, never used as a path. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** A sample as an inline module sees it. */
export interface InlineSample {
  readonly sha256: Sha256;
  readonly bytes: Uint8Array;
  /** File name as submitted, only where the module says `readsName`; hostile text. */
  readonly name: string | null;
  /** Short type and media type by the `filetype` module; `unknown` and `application/octet-stream` before it ran. */
  readonly fileType: string;
  readonly mime: string;
  /** Findings of the modules in `requires` that ended `ok`. */
  readonly required: Readonly<Record<string, Findings>>;
  /** Passwords to try on encrypted content, only where the module says `readsPassword`: the submission's first. */
  readonly passwords: readonly string[];
}

/** Analyses one sample in memory. May be async. Throw to end the run as `error` with the message as reason. */
export type InlineAnalyzer = (sample: InlineSample) => Findings | null | Promise<Findings | null>;

interface ModuleBase<Options> {
  /** The folder's name; also the name in the configuration, in reports and in search. */
  readonly name: string;
  readonly title: string;
  /** One or two sentences for people. */
  readonly description: string;
  readonly category: ModuleCategory;
  /** The module's own version; change it whenever the output changes, since results are cached by it. */
  readonly version: string;
  /** Schema of `[modules.<name>.options]` in `assay.toml`. Every option has a default. */
  readonly options: z.ZodType<Options>;
  /** File types (the `filetype` module's short names) it accepts; absent for all. Others end as `skipped`. */
  readonly accepts?: readonly string[];
  /** Modules whose findings it needs; they run first. `filetype` runs before everything anyway. */
  readonly requires?: readonly string[];
  /** Largest sample in bytes it takes; larger ones end as `skipped`. Default: {@link DEFAULT_MAX_SIZE}. */
  readonly maxSize?: number;
  /** Milliseconds one sample may take. Default: {@link DEFAULT_TIMEOUT}. */
  readonly timeoutMs?: number;
  readonly readsName?: boolean;
  readonly readsPassword?: boolean;
}

/**
 * TypeScript that runs in a pooled, long-lived child process without network, write, run or environment
 * permission (reading is limited to installed packages). `open` is called once a process, `analyze` for each
 * sample: what is slow to start starts once.
 */
export interface InlineModule<Options = unknown> extends ModuleBase<Options> {
  readonly kind: "inline";
  /** Loads tables and WebAssembly once a process; throw to make the module unavailable with the message. */
  open(options: Options): InlineAnalyzer | Promise<InlineAnalyzer>;
  /** Version of signatures or rules for these options, part of the cache key; may read files (runs in the worker). */
  definition?(options: Options): Promise<string>;
}

/** One sample of a command module's batch. */
export interface CommandSample {
  readonly sha256: Sha256;
  readonly size: number;
  readonly fileType: string;
  /**
   * Absolute path, the same outside and, where it is listed under `readOnly`, inside the sandbox. Its last part is the
   * sha256, never the submitted name.
   */
  readonly path: string;
}

/** Whether a module can run here. `reason` says what is missing and which command installs it. */
export type Availability =
  | { readonly available: true; readonly version: string; readonly definition: string | null }
  | { readonly available: false; readonly reason: string };

/** Interpreters that a command module may run. */
export interface Tools {
  /** Absolute path of Python 3; null where there is none. */
  readonly python: string | null;
  /** Folders of installed Python packages. */
  readonly pythonPath: readonly string[];
  /** Absolute path of Deno. */
  readonly deno: string;
}

/** Any program: started once for the whole batch, in the sandbox (no network, read-only root, own tmp, limits). */
export interface CommandModule<Options = unknown> extends ModuleBase<Options> {
  readonly kind: "command";
  /** Looks for the tool; also gives its version and its definitions' version for the cache key. */
  probe(options: Options, tools: Tools): Promise<Availability>;
  /**
   * Analyses a batch and yields each sample's findings (null for nothing) as they come, or an `Error` for a
   * sample that failed alone. Samples never yielded end as `error`; a throw ends all that are left.
   */
  analyze(
    batch: readonly CommandSample[],
    options: Options,
    sandbox: Sandbox,
    tools: Tools,
    signal: AbortSignal,
  ): AsyncIterable<{ readonly sha256: Sha256; readonly findings: Findings | null | Error }>;
}

/** A module of any kind. */
// deno-lint-ignore no-explicit-any
export type Module = InlineModule<any> | CommandModule<any>;

/** Declares a module; a folder `worker/modules/<name>/mod.ts` exports it as default. */
export function defineModule<Options>(module: InlineModule<Options>): InlineModule<Options>;
export function defineModule<Options>(module: CommandModule<Options>): CommandModule<Options>;
export function defineModule(module: Module): Module {
  return module;
}
