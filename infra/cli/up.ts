import { resolve } from "node:path";
import { defaultCache } from "../install/cache.ts";
import { openDataFolder } from "../stack/data_folder.ts";
import { createSupervisor } from "../supervisor/supervise.ts";
import { submitDemo } from "../demo/submit.ts";
import { commonOptions, configOf, parseOptions, runVerb } from "./options.ts";
import { adminKeyPath } from "./up/admin_key.ts";
import { launchersGone } from "./up/launchers.ts";
import { startAll, startStores } from "./up/start_all.ts";

/** `deno task up`: starts everything and stays until Ctrl-C or SIGTERM. */
await runVerb(async () => {
  const began = performance.now();
  const values = parseOptions({
    ...commonOptions,
    port: { type: "string" },
    demo: { type: "boolean" },
    maintenance: { type: "boolean" },
  });
  const loaded = await configOf(values);
  const log = (line: string) => console.log(line);
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => stop.abort(new Error(`Received ${signal}`)));
  }
  launchersGone(stop.signal).then((gone) =>
    gone && stop.abort(new Error("The program that started it is gone"))
  );

  using data = await openDataFolder(loaded.config.data);
  if (data.ended.length > 0) log(`Ended what an earlier run left: ${data.ended.join(", ")}`);
  const supervisor = createSupervisor({
    runDir: data.runDir,
    logDir: data.logDir,
    log,
    onLine: (name, line) => {
      if (loaded.config.log.level === "debug") log(`${name.padEnd(13)} │ ${line}`);
    },
  });
  const install = { cache: defaultCache(Deno.env.toObject(), Deno.uid()), signal: stop.signal, log };
  let starting: Promise<unknown> = Promise.resolve();
  try {
    const root = resolve(import.meta.dirname ?? ".", "..", "..");
    const start = { loaded, data, supervisor, install, root };
    if (values.maintenance) {
      const servers = startStores(start);
      starting = servers;
      await Promise.race([servers, aborted(stop.signal)]);
      if (!stop.signal.aborted) {
        log("\nThe servers are ready for maintenance; there is no API and no worker. Ctrl-C stops them.");
      }
      await aborted(stop.signal);
      return 0;
    }
    const all = startAll(start);
    starting = all;
    // Told to stop while starting: what has started is stopped below, and that ends the starting too.
    const started = await Promise.race([all, aborted(stop.signal)]);
    if (started === undefined) return 0;
    const { url, key } = started;
    log(`\nAssay is ready on ${url}`);
    if (loaded.config.api.publicUrl !== null) log(`People reach it at ${loaded.config.api.publicUrl}`);
    const file = adminKeyPath(data.path);
    log(
      loaded.config.adminKey === null
        ? `Sign in with the key in ${file}`
        : "Sign in with the key in ASSAY_ADMIN_KEY",
    );
    log(
      `Started in ${
        ((performance.now() - began) / 1000).toFixed(1)
      } s. Logs: ${data.logDir}. Ctrl-C stops it.`,
    );
    if (values.demo) await submitDemo({ url, key, log, signal: stop.signal });
    await aborted(stop.signal);
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    const stopping = performance.now();
    if (stop.signal.aborted) log("\nStopping …");
    await supervisor.stop();
    await Promise.allSettled([starting]);
    if (stop.signal.aborted) log(`Stopped in ${((performance.now() - stopping) / 1000).toFixed(1)} s`);
  }
  return 0;
});

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
