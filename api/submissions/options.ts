import { type Preset, presetsOf, SubmissionOptions } from "@assay/core";
import { invalid } from "../app/router.ts";
import type { ApiDependencies } from "../app/dependencies.ts";
import { ProblemError } from "../problem/problem.ts";

/** Options after defaults, with the modules they mean. */
export interface ResolvedOptions extends SubmissionOptions {
  /** Modules asked for; null for the enabled set. */
  readonly chosen: readonly string[] | null;
}

/** Reads options sent as JSON text. @throws {ProblemError} that names the field */
export function parseOptions(text: string | null): SubmissionOptions {
  let value: unknown = {};
  try {
    if (text !== null && text.trim() !== "") value = JSON.parse(text);
  } catch (cause) {
    throw new ProblemError("invalid-options", "Cannot read options: they are not valid JSON", { cause });
  }
  const options = SubmissionOptions.safeParse(value);
  if (!options.success) throw invalid("options", options.error);
  return options.data;
}

/** Looks up presets and modules. @throws {ProblemError} for a name that there isn't */
export async function resolveOptions(
  options: SubmissionOptions,
  { modules, settings }: Pick<ApiDependencies, "modules" | "settings">,
): Promise<ResolvedOptions> {
  if (options.preset === undefined && !options.modules?.length) return { ...options, chosen: null };
  const installed = await modules();
  const preset = options.preset === undefined
    ? []
    : modulesOf(options.preset, presetsOf(installed, settings.presets));
  const chosen = [...new Set([...preset, ...options.modules ?? []])];
  const names = new Set(installed.map((module) => module.name));
  const unknown = chosen.find((name) => !names.has(name));
  if (unknown !== undefined && names.size > 0) {
    throw new ProblemError("unknown-module", `Cannot submit: there is no module '${unknown}'`);
  }
  return { ...options, chosen };
}

function modulesOf(name: string, presets: readonly Preset[]): readonly string[] {
  const preset = presets.find((one) => one.name === name);
  if (preset) return preset.modules;
  const known = presets.map((one) => one.name).join(", ") || "none: no worker has said what is installed";
  throw new ProblemError("unknown-preset", `Cannot submit: there is no preset '${name}', expected ${known}`);
}
