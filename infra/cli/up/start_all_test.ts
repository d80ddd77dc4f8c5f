import assert from "node:assert/strict";
import { join } from "node:path";
import { Config } from "../../config/config.ts";
import { defaultCache } from "../../install/cache.ts";
import { openDataFolder } from "../../stack/data_folder.ts";
import { testDatabase, testStack } from "../../stack/testing.ts";
import { createSupervisor } from "../../supervisor/supervise.ts";
import { startAll } from "./start_all.ts";

const infra = join(import.meta.dirname ?? "", "..", "..");

/** A main that keeps the contract and tells what it may do. */
const main = (extra: string) => `
  import { shutdownSignal } from ${JSON.stringify(join(infra, "supervisor", "shutdown.ts"))};
  const path = Deno.args[Deno.args.indexOf("--config") + 1];
  const config = JSON.parse(await Deno.readTextFile(path));
  const may = async (name, rest = {}) => (await Deno.permissions.query({ name, ...rest })).state === "granted";
  const can = {
    secrets: await may("read", { path: config.data + "/secrets.json" }),
    adminKey: await may("read", { path: config.data + "/admin.key" }),
    samples: await may("read", { path: config.data + "/samples" }) && await may("write", { path: config.data + "/samples" }),
    outside: await may("net", { host: "example.org:443" }),
    postgres: await may("net", { host: new URL(config.postgres.url).host }),
    program: await may("run"),
    home: await may("env", { variable: "HOME" }),
    ffi: await may("ffi"),
  };
  const signal = shutdownSignal({ supervised: Deno.args.includes("--supervised") });
  ${extra}
  console.log(JSON.stringify({ ready: true, can, key: config.adminKey }));
`;
const api = main(`
  const server = Deno.serve({ hostname: config.api.host, port: config.api.port, signal, onListen() {} },
    () => Response.json({ can, key: config.adminKey, urls: [config.nats.url, config.elasticsearch.url] }));
`);
const worker = main(`
  await Deno.writeTextFile(config.data + "/samples/worker.json", JSON.stringify(can));
  signal.addEventListener("abort", () => Deno.exit(0));
`);

const reports = main(`
  await Deno.writeTextFile(config.data + "/tmp/reports/can.json", JSON.stringify({
    ...can,
    itself: await may("run", { command: Deno.execPath() }),
    listen: await may("net", { host: new URL(config.reports.url).host }),
    nats: await may("net", { host: new URL(config.nats.url).host }),
    secret: config.reports.secret.length,
  }));
  signal.addEventListener("abort", () => Deno.exit(0));
`);

Deno.test("startAll() starts API, worker and reports on given servers, with the permissions they need and no more", async () => {
  const root = await Deno.makeTempDir();
  const folder = join(root, ".assay");
  try {
    for (
      const [room, text] of [["api", api], ["worker", worker], ["reports", reports], [
        "ui",
        "// nothing to build",
      ]]
    ) {
      await Deno.mkdir(join(root, room!));
      await Deno.writeTextFile(join(root, room!, "main.ts"), text!);
    }
    await Deno.writeTextFile(join(root, "ui", "build.ts"), "");
    const stack = testStack();
    await using database = await testDatabase();
    const given = {
      data: folder,
      api: { port: 0 },
      postgres: { url: database.url },
      nats: { url: stack.nats },
      elasticsearch: { url: stack.elasticsearch },
    };
    using data = await openDataFolder(folder);
    const supervisor = createSupervisor({ runDir: data.runDir, logDir: data.logDir });
    const cache = defaultCache(Deno.env.toObject(), Deno.uid());
    const install = { cache, signal: AbortSignal.timeout(120_000), log: () => {} };
    try {
      const loaded = { config: Config.parse(given), given };
      const { url, key } = await startAll({ loaded, data, supervisor, install, root });
      assert.match(key, /^assay_[0-9A-HJKMNP-TV-Z]{26}_[A-Za-z0-9_-]{43}$/);
      assert.equal((await Deno.readTextFile(join(folder, "admin.key"))).trim(), key);
      assert.equal((await Deno.stat(join(folder, "admin.key"))).mode! & 0o077, 0);
      assert.deepEqual(supervisor.states().map((state) => state.name), ["api", "worker", "reports"]);
      const narrow = { secrets: false, adminKey: false, samples: true, outside: false, postgres: true };
      const answer = await (await fetch(url)).json();
      assert.deepEqual(answer, {
        can: { ...narrow, program: false, home: false, ffi: false },
        key,
        urls: [stack.nats, stack.elasticsearch],
      });
      const could = JSON.parse(await Deno.readTextFile(join(folder, "samples", "worker.json")));
      assert.deepEqual(could, { ...narrow, program: true, home: false, ffi: false });
      const reportsCould = JSON.parse(await Deno.readTextFile(join(folder, "tmp", "reports", "can.json")));
      const onlyItself = { program: false, itself: true, listen: true, nats: false, secret: 43 };
      assert.deepEqual(reportsCould, { ...narrow, samples: false, home: false, ffi: false, ...onlyItself });
    } finally {
      await supervisor.stop();
    }
    // All heard SIGTERM and ended by themselves.
    for (const name of ["api", "worker", "reports"]) {
      assert.match(
        await Deno.readTextFile(join(folder, "logs", `${name}.log`)),
        new RegExp(`${name} ended with code 0`),
      );
    }
  } finally {
    await Deno.remove(root, { recursive: true });
  }
});
