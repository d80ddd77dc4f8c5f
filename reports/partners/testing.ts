import { join } from "node:path";
import { testTaxiiServer } from "../../infra/install/testing.ts";
import { markingId } from "../stix/marking.ts";
import type { PushItem } from "./client.ts";
import { type Ask, type AskOptions, createAsk } from "./ask.ts";

/** The key of tests. */
export const KEY = "a-secret-key";

/** Asks this server as partners are asked, but within bounds that a test can reach. */
export function testAsk(url: string, given: Partial<AskOptions> = {}): Ask {
  return createAsk(url, {
    credentials: { authorization: KEY },
    secrets: [KEY],
    timeout: 10_000,
    maxAnswer: 100_000,
    ...given,
  });
}

/** What a fake server was asked. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

/** A server that answers as `answer` says, and keeps what it was asked. */
export function fakeServer(answer: (asked: Asked, number: number) => Response | Promise<Response>) {
  const asked: Asked[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    const one = {
      method: request.method,
      path: pathname + search,
      headers: request.headers,
      body: await request.text(),
    };
    asked.push(one);
    return await answer(one, asked.length);
  });
  return {
    asked,
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

/** An indicator of that number at green, as it is published. */
export function testItem(number: number, given: Record<string, unknown> = {}): PushItem {
  const id = `indicator--00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
  const content = {
    type: "indicator",
    spec_version: "2.1",
    id,
    created: "2026-01-01T00:00:00.000Z",
    modified: "2026-01-01T00:00:00.000Z",
    name: `number ${number}`,
    pattern: "[file:name = 'x']",
    pattern_type: "stix",
    valid_from: "2026-01-01T00:00:00Z",
    object_marking_refs: [markingId("green")],
    ...given,
  };
  return {
    id,
    collection: { id: "00000000-0000-4000-8000-000000000000", tlp: "green" },
    added: `2026-01-01T00:00:00.${String(number).padStart(6, "0")}Z`,
    content: JSON.stringify(content),
  };
}

/** OASIS's reference server of TAXII 2.1 with one empty collection that takes `maxContentLength` bytes at once. */
export async function medallion(maxContentLength: number) {
  const folder = await Deno.makeTempDir();
  const collection = "91a7b528-80eb-42ed-a74d-c6fbd5a26116";
  const data = {
    "/discovery": { title: "Discovery", default: "/api1/", api_roots: ["/api1/"] },
    api1: {
      information: {
        title: "Partner",
        versions: ["application/taxii+json;version=2.1"],
        max_content_length: maxContentLength,
      },
      status: [],
      collections: [{
        id: collection,
        title: "From Assay",
        can_read: true,
        can_write: true,
        media_types: ["application/stix+json;version=2.1"],
        objects: [],
        manifest: [],
      }, { id: "read-only", title: "Read only", can_read: true, can_write: false, media_types: [] }],
    },
  };
  const backend = {
    module: "medallion.backends.memory_backend",
    module_class: "MemoryBackend",
    filename: join(folder, "data.json"),
  };
  await Deno.writeTextFile(backend.filename, JSON.stringify(data));
  const settings = { backend, users: { assay: KEY }, taxii: { max_page_size: 1000 } };
  await Deno.writeTextFile(join(folder, "config.json"), JSON.stringify(settings));
  const child = new Deno.Command("python3", {
    args: ["-m", "medallion.scripts.run", "--port", "0", join(folder, "config.json")],
    env: { PYTHONPATH: await testTaxiiServer(), PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" },
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).spawn();
  const lines = child.stderr.pipeThrough(new TextDecoderStream());
  const started = Promise.withResolvers<string>();
  const reading = (async () => {
    let text = "";
    for await (const piece of lines) {
      text = (text + piece).slice(-10_000);
      const url = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
      if (url !== undefined) started.resolve(url);
    }
    started.reject(new Error(`Cannot start medallion: ${text}`));
  })();
  const stop = async () => {
    child.kill("SIGTERM");
    await Promise.allSettled([reading, child.status]);
    await Deno.remove(folder, { recursive: true });
  };
  let url: string;
  try {
    url = await started.promise;
  } catch (error) {
    await stop();
    throw error;
  }
  const basic = new TextEncoder().encode(`assay:${KEY}`).toBase64();
  return { root: `${url}/api1/`, collection, authorization: `Basic ${basic}`, [Symbol.asyncDispose]: stop };
}
