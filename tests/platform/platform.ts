import { readStatus, type SupervisorStatus } from "@assay/infra";
import { testDatabase, testName, testStack } from "@assay/infra/testing";
import { join } from "node:path";

const root = join(import.meta.dirname!, "..", "..");

/** A whole platform of its own: `up` on a data folder, ended and removed at the end of `await using`. */
export interface Platform extends AsyncDisposable {
  /** Empty with `--maintenance`. */
  readonly url: string;
  readonly key: string;
  readonly data: string;
  readonly pid: number;
  /** Asks the API; throws on a refusal unless `refuse` says that one is wanted. */
  ask<T>(path: string, init?: RequestInit): Promise<T>;
  request(path: string, init?: RequestInit): Promise<Response>;
  status(): Promise<SupervisorStatus>;
  /** Sends a signal to `up` itself and waits for its end. */
  end(signal: Deno.Signal): Promise<Deno.CommandStatus>;
}

/** What a platform may be told. */
export interface PlatformOptions {
  /** A data folder to use again; a new one that is removed at the end where absent. */
  readonly data?: string;
  /** `ASSAY_*` variables. */
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** True for the servers of the test run, with names of its own on them; embedded servers of its own otherwise. */
  readonly onTestStack?: boolean;
}

/** Starts `up` and waits until it says that it is ready. @throws {Error} with its last output where it isn't */
export async function startPlatform(options: PlatformOptions = {}): Promise<Platform> {
  const data = options.data ?? await Deno.makeTempDir({ prefix: "assay-platform-" });
  const database = options.onTestStack ? await testDatabase() : null;
  const child = new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", "up", "--port", "0", "--data", data, ...options.args ?? []],
    cwd: root,
    env: { ...database && sharedServers(database.url), ...options.env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const said: string[] = [];
  const errors = collect(child.stderr, said);
  const lines = readLines(child.stdout, said, /Assay is ready on (http:\S+)|ready for maintenance/);
  const url = await lines.found;
  if (url === null) {
    await child.status;
    throw new Error(`Cannot start the platform:\n${said.slice(-40).join("\n")}`);
  }
  const key = (await Deno.readTextFile(join(data, "admin.key"))).trim();
  const request = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, url), { ...init, headers: { authorization: `Bearer ${key}`, ...init.headers } });
  const pid = (await readStatus(join(data, "run")))!.pid;

  async function end(signal: Deno.Signal): Promise<Deno.CommandStatus> {
    Deno.kill(pid, signal);
    const status = await child.status;
    await Promise.all([lines.done, errors]);
    return status;
  }

  let ended: Promise<unknown> | null = null;
  void child.status.then(() => ended = Promise.resolve());
  return {
    url,
    key,
    data,
    pid,
    request,
    async ask<T>(path: string, init?: RequestInit) {
      const response = await request(path, init);
      if (!response.ok) {
        throw new Error(`${init?.method ?? "GET"} ${path}: ${response.status} ${await response.text()}`);
      }
      return await response.json() as T;
    },
    async status() {
      const status = await readStatus(join(data, "run"));
      if (status === null) throw new Error(`Cannot read the supervisor's status in '${data}'`);
      return status;
    },
    end,
    async [Symbol.asyncDispose]() {
      if (ended === null) await end("SIGTERM");
      await Promise.all([lines.done, errors]);
      await database?.[Symbol.asyncDispose]();
      if (!options.data) await Deno.remove(data, { recursive: true });
    },
  };
}

/** Waits until `look` gives something, asking again each time an event could have happened; bounded by `milliseconds`. */
export async function until<T>(
  what: string,
  milliseconds: number,
  look: () => Promise<T | null>,
): Promise<T> {
  const deadline = performance.now() + milliseconds;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (performance.now() > deadline) throw new Error(`Waited ${milliseconds} ms in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function sharedServers(postgres: string): Record<string, string> {
  const { nats, elasticsearch } = testStack();
  const prefix = testName();
  return {
    ASSAY_POSTGRES_URL: postgres,
    ASSAY_NATS_URL: nats,
    ASSAY_NATS_PREFIX: prefix,
    ASSAY_ELASTICSEARCH_URL: elasticsearch,
    ASSAY_ELASTICSEARCH_INDEX_PREFIX: prefix,
  };
}

/** Reads to the end; `found` gives the pattern's first group, or nothing, once a line has it, or null at the end. */
function readLines(stream: ReadableStream<Uint8Array<ArrayBuffer>>, said: string[], pattern: RegExp) {
  const { promise: found, resolve } = Promise.withResolvers<string | null>();
  const done = (async () => {
    let rest = "";
    for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
      const lines = (rest + chunk).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        said.push(line);
        const match = pattern.exec(line);
        if (match) resolve(match[1] ?? "");
      }
    }
    resolve(null);
  })();
  return { done, found };
}

async function collect(stream: ReadableStream<Uint8Array<ArrayBuffer>>, said: string[]): Promise<void> {
  for await (const chunk of stream.pipeThrough(new TextDecoderStream())) {
    said.push(...chunk.trimEnd().split("\n"));
  }
}
