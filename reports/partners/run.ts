import { type Milliseconds, reasonOf } from "@assay/core";
import { type PartnerConfig, pause } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import { createAsk } from "./ask.ts";
import type { PartnerClient } from "./client.ts";
import { PartnerError } from "./error.ts";
import { createMispClient, type MispOptions } from "./misp.ts";
import { type PushDependencies, takeTurn, type TurnEnd } from "./push.ts";

import { createTaxiiClient } from "./taxii.ts";

/** Looks for new objects at least this often. */
const LOOK: Milliseconds = 15_000;
/** After a failure of ours, such as a database that is away. */
const PAUSE: Milliseconds = 5_000;
/** Of one answer of a partner. */
const ANSWER = { timeout: 60_000, maxAnswer: 8 * 2 ** 20 } as const;
/** How long a TAXII server may take with what it has accepted. */
const PATIENCE: Milliseconds = 300_000;

const log = getLogger(["assay", "reports", "partners"]);

/** Pushes to all partners until `stop` aborts; beside other processes that do, each partner is pushed to by one. */
export async function runPartners(
  partners: readonly PartnerConfig[],
  dependencies: PushDependencies & { readonly bundleOf: MispOptions["bundleOf"] },
  stop: AbortSignal,
): Promise<void> {
  let wake = Promise.withResolvers<void>();
  const ring = () => {
    wake.resolve();
    wake = Promise.withResolvers();
  };
  const run = async (config: PartnerConfig) => {
    const client = openClient(config, dependencies.bundleOf);
    while (!stop.aborted) {
      const woken = wake.promise;
      const end = await takeTurn({ config, client }, dependencies, stop).catch((error): TurnEnd => {
        if (!stop.aborted) {
          log.warn("Cannot push to '{name}': {error}", { name: config.name, error: reasonOf(error) });
        }
        return { wait: PAUSE };
      });
      if (end !== "more") {
        await Promise.race([woken, pause(end === "idle" ? LOOK : Math.min(end.wait, LOOK), stop)]);
      }
    }
  };
  if (partners.length === 0) return;
  await Promise.all([listen(dependencies.partners, ring, stop), ...partners.map(run)]);
}

/** The partner's server by its configuration. A key in a file is read each time, so that it can be changed. */
export function openClient(config: PartnerConfig, bundleOf: MispOptions["bundleOf"]): PartnerClient {
  const open = async () => {
    const key = await keyOf(config);
    const basic = new TextEncoder().encode(`${config.user}:${key}`).toBase64();
    const authorization = config.kind === "misp"
      ? key
      : config.user === null
      ? `Bearer ${key}`
      : `Basic ${basic}`;
    const ask = createAsk(config.url, { ...ANSWER, credentials: { authorization }, secrets: [key, basic] });
    return config.kind === "misp"
      ? createMispClient({ ask, bundleOf })
      : createTaxiiClient({ ask, collection: config.collection!, patience: PATIENCE });
  };
  return {
    test: async (signal) => await (await open()).test(signal),
    push: async (items, signal) => await (await open()).push(items, signal),
  };
}

async function keyOf({ key, keyFile }: PartnerConfig): Promise<string> {
  try {
    return (key ?? await Deno.readTextFile(keyFile!)).trim();
  } catch (cause) {
    throw new PartnerError("setup", `Cannot read the key in '${keyFile}': ${reasonOf(cause)}`, { cause });
  }
}

async function listen(
  partners: PushDependencies["partners"],
  ring: () => void,
  stop: AbortSignal,
): Promise<void> {
  while (!stop.aborted) {
    try {
      return await partners.onAsked(ring, stop);
    } catch (error) {
      log.warn("Cannot listen for what partners are asked: {error}", { error: reasonOf(error) });
      await pause(PAUSE, stop);
    }
  }
}
