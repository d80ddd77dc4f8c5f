import { parseArgs, type ParseArgsConfig } from "node:util";
import type { ConfigInput } from "../config/config.ts";
import { ConfigError, loadConfig, type LoadedConfig } from "../config/load.ts";

/** Flags that most verbs take. */
export const commonOptions = {
  config: { type: "string" },
  data: { type: "string" },
} as const satisfies ParseArgsConfig["options"];

/** The configuration by file, variables and the flags `--config`, `--data` and `--port`. */
export function configOf(
  values: { config?: string | undefined; data?: string | undefined; port?: string | undefined },
): Promise<LoadedConfig> {
  const flags: ConfigInput = {
    ...(values.data === undefined ? {} : { data: values.data }),
    ...(values.port === undefined ? {} : { api: { port: values.port } }),
  };
  return loadConfig({ file: values.config, env: Deno.env.toObject(), flags });
}

/** Reads flags; a wrong one ends the verb with a line that says so. */
export function parseOptions<T extends NonNullable<ParseArgsConfig["options"]>>(options: T) {
  try {
    return parseArgs({ args: Deno.args, options, strict: true }).values;
  } catch (cause) {
    if (cause instanceof TypeError) throw new ConfigError(cause.message, { cause });
    throw cause;
  }
}

/** Runs a verb; an error is told in a line, with its causes, and ends it with code 1. */
export async function runVerb(verb: () => Promise<number>): Promise<never> {
  try {
    Deno.exit(await verb());
  } catch (error) {
    console.error(explain(error));
    Deno.exit(1);
  }
}

/** What went wrong, and below it the causes that say something more. */
function explain(error: unknown): string {
  let text = "";
  for (let cause = error, depth = 0; cause !== undefined && depth < 5; depth++) {
    const said = cause instanceof Error ? cause.message : String(cause);
    if (!text.includes(said)) text += text === "" ? said : `\n  because: ${said}`;
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return text;
}
