import { z } from "zod";
import { ModuleName } from "../submission/submission.ts";
import type { ModuleDescription } from "./module.ts";

/** A preset's name: lower-case letters, digits and dashes. */
export const PresetName = z.string().regex(
  /^[a-z][a-z0-9-]{0,39}$/,
  "Expected a preset's name: small letters, digits and '-'",
);

/** What the configuration says of a preset: `[presets.<name>]`. */
export const PresetDefinition = z.strictObject({
  modules: z.array(ModuleName).min(1).max(100),
  description: z.string().max(500).default(""),
});
/** What the configuration says of a preset. */
export type PresetDefinition = z.infer<typeof PresetDefinition>;

/** A named set of modules that a submission can ask for. */
export const Preset = z.object({
  name: PresetName,
  description: z.string(),
  modules: z.array(ModuleName),
  /** Made by the platform from what is installed, not by the configuration. */
  builtIn: z.boolean(),
});
/** A named set of modules that a submission can ask for. */
export type Preset = z.infer<typeof Preset>;

/** What says in milliseconds what a file is and which others it equals. */
const QUICK = ["digests", "entropy", "filetype"];

/** The presets by name: those made from the modules that are switched on, and the configuration's, which win. */
export function presetsOf(
  installed: readonly Pick<ModuleDescription, "name" | "kind" | "enabled">[],
  configured: Readonly<Record<string, PresetDefinition>>,
): Preset[] {
  const on = installed.filter(({ enabled }) => enabled);
  const local = on.filter(({ kind }) => kind === "inline" || kind === "command");
  const made = [
    {
      name: "quick",
      description: "What the file is: type, digests, entropy.",
      modules: on.filter(({ name }) => QUICK.includes(name)),
    },
    {
      name: "static",
      description: "Everything that runs on the workers themselves; nothing is asked outside.",
      modules: local,
    },
  ];
  const presets = new Map<string, Preset>();
  for (const { modules, ...preset } of made) {
    if (modules.length === 0) continue;
    presets.set(preset.name, { ...preset, modules: modules.map(({ name }) => name).sort(), builtIn: true });
  }
  for (const [name, { modules, description }] of Object.entries(configured)) {
    presets.set(name, { name, description, modules: [...modules], builtIn: false });
  }
  return [...presets.values()].sort((a, b) => a.name < b.name ? -1 : 1);
}
