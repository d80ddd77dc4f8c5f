import { printConfig } from "../config/print.ts";
import { commonOptions, configOf, parseOptions, runVerb } from "./options.ts";

/** `assay config`: the configuration in force, as TOML, secrets masked. */
await runVerb(async () => {
  const { config } = await configOf(parseOptions(commonOptions));
  console.log(printConfig(config).trimEnd());
  return 0;
});
