import { join } from "node:path";
import { ensurePart } from "../install/cache.ts";
import { natsServerPart } from "../install/python.ts";
import { type ServerPreparation, serverStage } from "./server.ts";

/** Real NATS with JetStream on disk: loopback only, one user with a random password, data in `<data>/nats`. */
export const prepareNats: ServerPreparation = async (data, install) => {
  const programs = await ensurePart(natsServerPart, install);
  const folder = join(data.path, "nats");
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, "nats.conf");
  return async (ports) => {
    const port = ports();
    await Deno.writeTextFile(file, configuration(port, join(folder, "jetstream"), data.secrets.nats), {
      mode: 0o600,
    });
    return {
      url: `nats://assay:${data.secrets.nats}@127.0.0.1:${port}`,
      spec: {
        name: "nats",
        program: join(programs, "bin", "nats-server"),
        args: ["--config", file],
        env: { PATH: "/usr/bin:/bin", TZ: "UTC" },
        stdin: "null",
        ready: /Server is ready/,
        readyTimeoutMs: 60_000,
        stopSignal: "SIGTERM",
        stopGraceMs: 8_000,
        stage: serverStage,
      },
    };
  };
};

/** What was acknowledged is on disk within a second; the outbox in PostgreSQL publishes anew what a power cut takes. */
function configuration(port: number, store: string, password: string): string {
  return [
    `server_name: assay`,
    `listen: "127.0.0.1:${port}"`,
    `authorization: { user: assay, password: "${password}" }`,
    `jetstream: { store_dir: ${JSON.stringify(store)}, sync_interval: "1s" }`,
    "",
  ].join("\n");
}
