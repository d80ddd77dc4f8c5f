import { jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { join } from "node:path";
import { defaultCache, ensurePart } from "../install/cache.ts";
import { natsServerPart } from "../install/python.ts";
import { freePort } from "../stack/port.ts";
import { testName, testStack } from "../stack/testing.ts";
import { createQueue } from "./jetstream_queue.ts";
import type { Queue } from "./queue.ts";

/** A connection beside the queue's, to look at the server from outside. */
export async function connectBeside(url: string): Promise<NatsConnection> {
  const { host, username, password } = new URL(url);
  return await connect({ servers: host, user: username, pass: password });
}

/** A queue of its own on the shared server, removed at the end of `await using`. */
export async function testQueue(): Promise<
  AsyncDisposable & { readonly queue: Queue; readonly prefix: string; readonly url: string }
> {
  const url = testStack().nats;
  const prefix = testName();
  const queue = createQueue({ url, prefix, name: "test" });
  await queue.prepare();
  return {
    queue,
    prefix,
    url,
    async [Symbol.asyncDispose]() {
      await queue.close();
      const beside = await connectBeside(url);
      await (await jetstreamManager(beside)).streams.delete(`${prefix}_tasks`);
      await beside.close();
    },
  };
}

/** A server of the test's own that may be killed. */
export interface MortalNats {
  readonly url: string;
  /** Where its streams lie. */
  readonly store: string;
  kill(): Promise<void>;
  /** On the same port and store, whatever is left there. */
  start(): Promise<void>;
}

/** Hands a test a real NATS server and takes it away at the end. */
export async function withMortalNats(use: (nats: MortalNats) => Promise<void>): Promise<void> {
  const programs = await ensurePart(natsServerPart, {
    cache: defaultCache(Deno.env.toObject(), Deno.uid()),
    signal: AbortSignal.timeout(300_000),
    log: () => {},
  });
  const folder = await Deno.makeTempDir();
  const port = freePort();
  const store = join(folder, "jetstream");
  const config = join(folder, "nats.conf");
  await Deno.writeTextFile(
    config,
    `listen: "127.0.0.1:${port}"\nauthorization: { user: assay, password: "secret-of-a-test" }\n` +
      `jetstream: { store_dir: ${JSON.stringify(store)} }\n`,
  );
  let end: (() => Promise<void>) | null = null;
  const nats: MortalNats = {
    url: `nats://assay:secret-of-a-test@127.0.0.1:${port}`,
    store,
    async start() {
      const child = new Deno.Command(join(programs, "bin", "nats-server"), {
        args: ["--config", config],
        stdin: "null",
        stdout: "null",
        stderr: "piped",
      }).spawn();
      const ready = Promise.withResolvers<void>();
      const reading = (async () => {
        let said = "";
        for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
          said += text;
          if (said.includes("Server is ready")) ready.resolve();
        }
        ready.reject(new Error(`The server ended: ${said}`));
      })();
      end = async () => {
        end = null;
        child.kill("SIGKILL");
        await child.status;
        await reading;
      };
      await ready.promise;
    },
    async kill() {
      await end?.();
    },
  };
  try {
    await nats.start();
    await use(nats);
  } finally {
    await nats.kill();
    await Deno.remove(folder, { recursive: true });
  }
}
