import type { ModuleDescription } from "@assay/core";
import type { Module } from "../module/define.ts";

/** A module that is enabled and can run here. */
export interface LoadedModule {
  readonly module: Module;
  /** `file:` URL of its code. */
  readonly url: string;
  /** Checked by its schema. */
  readonly options: unknown;
  /** Milliseconds for one sample. */
  readonly timeoutMs: number;
  /** Version of the tool: the module's own for inline modules. */
  readonly version: string;
  /** Version of its signatures or rules. */
  readonly definition: string | null;
}

/** A module that doesn't run here, with the reason: disabled or unavailable. */
export interface AbsentModule {
  readonly name: string;
  readonly reason: string;
}

/** What is installed. */
export interface Registry {
  /** Enabled and available, each behind those it requires; `filetype` is first. */
  readonly modules: readonly LoadedModule[];
  /** Enabled, but they can't run here. */
  readonly unavailable: readonly (AbsentModule & { readonly module: Module | null })[];
  readonly disabled: readonly string[];
  /** All, by name, as others are told. */
  readonly descriptions: readonly ModuleDescription[];
}
