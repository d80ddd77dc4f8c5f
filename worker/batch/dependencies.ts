import type { TaskEvent } from "@assay/core";
import type { Config, SampleStore } from "@assay/infra";
import type { KeyMaker } from "../cache/key.ts";
import type { ResultCache } from "../cache/results.ts";
import type { InlinePool } from "../inline/pool.ts";
import type { Tools } from "../module/define.ts";
import type { Registry } from "../registry/registry.ts";
import type { Sandbox } from "../sandbox/sandbox.ts";

/** What analysing needs. */
export interface AnalysisDependencies {
  readonly registry: Registry;
  readonly keys: KeyMaker;
  readonly cache: ResultCache;
  readonly pool: Pick<InlinePool, "run">;
  readonly sandbox: Sandbox;
  readonly tools: Tools;
  readonly samples: SampleStore;
  readonly extraction: Config["extraction"];
  /** Tried on encrypted archives after the submission's own. */
  readonly passwords: readonly string[];
  /** Told as modules start and end. */
  tell(event: TaskEvent): void;
}
