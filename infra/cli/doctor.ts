import { defaultCache } from "../install/cache.ts";
import { formatChecks } from "./doctor/check.ts";
import { checkParts } from "./doctor/parts.ts";
import { checkRunning } from "./doctor/running.ts";
import { checkTools } from "./doctor/tools.ts";
import { commonOptions, configOf, parseOptions, runVerb } from "./options.ts";

/** `assay doctor`: what is there, what is missing and how to install it. Ends with 1 where something needed is missing. */
await runVerb(async () => {
  const { config } = await configOf(parseOptions(commonOptions));
  const checks = (await Promise.all([
    checkTools(config, AbortSignal.timeout(60_000)),
    checkParts(config, defaultCache(Deno.env.toObject(), Deno.uid())),
    checkRunning(config.data),
  ])).flat();
  console.log(formatChecks(checks));
  return checks.some((check) => check.state === "missing") ? 1 : 0;
});
