import { join } from "node:path";
import { ensurePart } from "../install/cache.ts";
import { elasticsearchPart } from "../install/elasticsearch.ts";
import { ensureJava } from "../install/java.ts";
import { type ServerPreparation, serverStage } from "./server.ts";

const vectors = "jdk.incubator.vector";

/** Real Elasticsearch, core features: loopback only, data in `<data>/elasticsearch`. */
export const prepareElasticsearch: ServerPreparation = async (data, install, options) => {
  const server = await ensurePart(elasticsearchPart, install);
  const java = await ensureJava(21, install);
  const folder = join(data.path, "elasticsearch");
  const home = join(folder, "home");
  await Deno.mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of ["config", "logs", "lib", "plugins", "tmp"]) {
    await Deno.mkdir(join(home, name), { recursive: true });
  }
  await linkModules(join(server, "modules"), join(home, "modules"));
  return async (ports) => {
    const [http, transport] = [ports(), ports()];
    const heap = Math.floor(options.elasticsearchHeap / 1024);
    await Deno.writeTextFile(
      join(home, "config", "elasticsearch.yml"),
      configuration(folder, options.snapshots, http, transport),
    );
    const url = `http://127.0.0.1:${http}`;
    return {
      url,
      spec: {
        name: "elasticsearch",
        program: java.program,
        args: [
          `-Xms${heap}k`,
          `-Xmx${heap}k`,
          "-XX:+ExitOnOutOfMemoryError",
          "-XX:-UsePerfData",
          `-Djava.io.tmpdir=${join(home, "tmp")}`,
          "-Dfile.encoding=UTF-8",
          "--enable-native-access=ALL-UNNAMED",
          // Faster vector search, where the runtime has it.
          ...(java.modules.includes(vectors) ? [`--add-modules=${vectors}`] : []),
          "-cp",
          `${join(server, "classes")}:${join(server, "lib")}/*`,
          "EmbeddedNode",
          home,
        ],
        env: { PATH: "/usr/bin:/bin", TZ: "UTC", LC_ALL: "C.UTF-8" },
        cwd: home,
        stdin: "held",
        ready: /^Elasticsearch node started/,
        probe: (signal) => waitUntilHealthy(url, signal),
        readyTimeoutMs: 180_000,
        stopSignal: "SIGTERM",
        stopGraceMs: 10_000,
        stage: serverStage,
      },
    };
  };
};

/** A version's modules are in the cache; the home only points there, so that an update needs no copy. */
async function linkModules(target: string, link: string): Promise<void> {
  try {
    await Deno.remove(link);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  await Deno.symlink(target, link);
}

/** Shards are started: before that, searches answer 503. */
async function waitUntilHealthy(url: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=120s`, { signal });
  const text = await response.text();
  if (!response.ok) throw new Error(`Elasticsearch is not healthy: ${text.slice(0, 500)}`);
}

/** Disk limits are absolute: the server's own, in percent, stop writing on big disks that have room. */
function configuration(folder: string, snapshots: string, http: number, transport: number): string {
  const settings: Record<string, string | number | boolean> = {
    "cluster.name": "assay",
    "node.name": "assay",
    "discovery.type": "single-node",
    "network.host": "127.0.0.1",
    "http.port": http,
    "transport.port": transport,
    "path.data": join(folder, "data"),
    "path.repo": snapshots,
    "action.auto_create_index": false,
    "cluster.routing.allocation.disk.watermark.low": "2gb",
    "cluster.routing.allocation.disk.watermark.high": "1gb",
    "cluster.routing.allocation.disk.watermark.flood_stage": "512mb",
  };
  // JSON is YAML.
  return Object.entries(settings).map(([name, value]) => `${name}: ${JSON.stringify(value)}\n`).join("");
}
