import assert from "node:assert/strict";
import { join } from "node:path";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import postgres from "postgres";
import { defaultCache, type InstallContext } from "../install/cache.ts";
import { createSupervisor, type Supervisor } from "../supervisor/supervise.ts";
import { type DataFolder, isInUse, openDataFolder } from "./data_folder.ts";
import type { ServerName } from "./server.ts";
import { type ServerUrls, startServers } from "./start.ts";

const install: InstallContext = {
  cache: defaultCache(Deno.env.toObject(), Deno.uid()),
  signal: AbortSignal.timeout(300_000),
  log: () => {},
};

/** Servers on a folder, stopped at the end. */
async function withServers<T>(
  folder: string,
  which: readonly ServerName[],
  use: (urls: Required<ServerUrls>, supervisor: Supervisor, data: DataFolder) => Promise<T>,
): Promise<T> {
  using data = await openDataFolder(folder);
  const supervisor = createSupervisor({ runDir: data.runDir, logDir: data.logDir });
  try {
    return await use(
      await startServers({ data, supervisor, install, which }) as Required<ServerUrls>,
      supervisor,
      data,
    );
  } finally {
    await supervisor.stop();
  }
}

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await use(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function query(url: string, statement: string): Promise<readonly unknown[]> {
  const sql = postgres(url, { max: 1, onnotice: () => {} });
  try {
    return [...await sql.unsafe(statement)];
  } finally {
    await sql.end();
  }
}

async function withNats<T>(
  url: string,
  use: (connection: Awaited<ReturnType<typeof connect>>) => Promise<T>,
): Promise<T> {
  const { host, username, password } = new URL(url);
  const connection = await connect({ servers: host, user: username, pass: password });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

/** What NATS answers to who says that he is this, by its plain protocol: the client leaves a refused socket behind. */
async function sayToNats(url: string, who: Record<string, string>): Promise<string> {
  const connection = await Deno.connect({ hostname: "127.0.0.1", port: Number(new URL(url).port) });
  await connection.write(
    new TextEncoder().encode(`CONNECT ${JSON.stringify({ verbose: false, ...who })}\r\nPING\r\n`),
  );
  let answer = "";
  try {
    for await (const chunk of connection.readable.pipeThrough(new TextDecoderStream())) answer += chunk;
  } catch (error) {
    // The server resets a refused connection after it has said why.
    if (!(error instanceof Deno.errors.ConnectionReset)) throw error;
  }
  return answer;
}

async function elastic(
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${url}${path}`, {
    method,
    headers: { "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  assert.ok(response.ok, JSON.stringify(answer));
  return answer;
}

/** Puts a piece of data into each server. */
async function fill(urls: Required<ServerUrls>): Promise<void> {
  await query(urls.postgres, "create table kept as select 42 as value");
  await withNats(urls.nats, async (connection) => {
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: "kept", subjects: ["kept.>"] });
    await jetstream(connection).publish("kept.one", "42");
  });
  await elastic(urls.elasticsearch, "PUT", "/kept", { settings: { number_of_replicas: 0 } });
  await elastic(urls.elasticsearch, "PUT", "/kept/_doc/1", { value: 42 });
}

/** The data that `fill` put there. */
async function checkFilled(urls: Required<ServerUrls>): Promise<void> {
  assert.deepEqual(await query(urls.postgres, "select value from kept"), [{ value: 42 }]);
  await withNats(urls.nats, async (connection) => {
    const info = await (await jetstreamManager(connection)).streams.info("kept");
    assert.equal(info.state.messages, 1);
  });
  assert.deepEqual((await elastic(urls.elasticsearch, "GET", "/kept/_doc/1"))["_source"], { value: 42 });
}

const all: readonly ServerName[] = ["postgres", "nats", "elasticsearch"];

Deno.test("startServers() brings each server back on its port after kill -9, and everything after a stop", async () => {
  await withFolder(async (folder) => {
    await withServers(folder, all, async (urls, supervisor) => {
      await fill(urls);
      for (const { pid } of supervisor.states()) Deno.kill(pid ?? assert.fail(), "SIGKILL");
      await Promise.all(all.map((name) => supervisor.restarted(name, 1, install.signal)));
      await checkFilled(urls);
    });
    await withServers(folder, all, checkFilled);
  });
});

Deno.test("startServers() recovers what a killed supervisor left, orphans and data", async () => {
  await withFolder(async (folder) => {
    const module = (name: string) => JSON.stringify(import.meta.resolve(name));
    const script = `
      import { openDataFolder } from ${module("./data_folder.ts")};
      import { startServers } from ${module("./start.ts")};
      import { createSupervisor } from ${module("../supervisor/supervise.ts")};
      const data = await openDataFolder(${JSON.stringify(folder)});
      const supervisor = createSupervisor({ runDir: data.runDir, logDir: data.logDir });
      const install = { cache: ${
      JSON.stringify(install.cache)
    }, signal: new AbortController().signal, log() {} };
      console.log(JSON.stringify(await startServers({ data, supervisor, install })));
    `;
    const file = join(folder, "script.ts");
    await Deno.writeTextFile(file, script);
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--config", join(import.meta.dirname ?? "", "..", "..", "deno.json"), file],
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    const urls = JSON.parse((await reader.read()).value ?? "null") as Required<ServerUrls>;
    await fill(urls);
    child.kill("SIGKILL");
    await child.status;
    await reader.cancel();
    // PostgreSQL and NATS run on; Elasticsearch sees that its standard input is closed.
    await withServers(folder, all, async (urls, _supervisor, data) => {
      assert.ok(data.ended.includes("postgres") && data.ended.includes("nats"), data.ended.join());
      await checkFilled(urls);
    });
  });
});

Deno.test("startServers() gives servers that refuse a wrong password and keeps secrets to their owner", async () => {
  await withFolder(async (folder) => {
    await withServers(folder, ["postgres", "nats"], async (urls) => {
      const wrong = new URL(urls.postgres);
      wrong.password = "wrong";
      await assert.rejects(query(wrong.href, "select 1"), /password authentication failed/);
      assert.match(await sayToNats(urls.nats, { user: "assay", pass: "wrong" }), /Authorization Violation/);
      assert.match(await sayToNats(urls.nats, {}), /Authorization Violation/);
    });
    for (const name of ["secrets.json", "nats/nats.conf"]) {
      assert.equal((await Deno.stat(join(folder, name))).mode! & 0o077, 0, name);
    }
  });
});

Deno.test({
  name: "startServers() runs PostgreSQL for root under a folder that only root can enter",
  ignore: Deno.uid() !== 0,
  async fn() {
    await withFolder(async (folder) => {
      await Deno.chmod(folder, 0o700);
      await withServers(join(folder, "data"), ["postgres"], async (urls) => {
        assert.deepEqual(await query(urls.postgres, "select 1 as one"), [{ one: 1 }]);
      });
    });
  },
});

Deno.test("openDataFolder() refuses a folder that is in use and names who uses it", async () => {
  await withFolder(async (folder) => {
    assert.equal(await isInUse(folder), false);
    const first = await openDataFolder(folder);
    assert.equal(await isInUse(folder), true);
    await assert.rejects(openDataFolder(folder), new RegExp(`process ${Deno.pid} is running on it`));
    first[Symbol.dispose]();
    const { secrets } = first;
    using again = await openDataFolder(folder);
    assert.deepEqual(again.secrets, secrets);
  });
});
