import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { pipeline } from "node:stream/promises";
import { testDatabase, testName, testStack } from "../infra/stack/testing.ts";

const key = `assay_01ARZ3NDEKTSV4RRFFQ69G5FAV_${"A".repeat(43)}`;
const authorization = { authorization: `Bearer ${key}` };

/** The API's own process on the test servers. */
async function startApi() {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase());
  const folder = stack.adopt(await Deno.makeTempDir(), (path) => Deno.remove(path, { recursive: true }));
  const { nats, elasticsearch } = testStack();
  const indexPrefix = testName();
  stack.defer(async () => {
    for (const name of ["samples", "reports"]) {
      await (await fetch(`${elasticsearch}/${indexPrefix}-${name}-000001`, { method: "DELETE" })).body
        ?.cancel();
    }
  });
  const config = {
    data: folder,
    adminKey: key,
    api: { port: 0 },
    postgres: { url: database.url },
    nats: { url: nats, prefix: testName() },
    elasticsearch: { url: elasticsearch, indexPrefix },
    reports: { url: "http://127.0.0.1:1", secret: "nobody is there" },
  };
  await Deno.writeTextFile(`${folder}/config.json`, JSON.stringify(config));
  const permissions = [
    "--ignore-env",
    "--allow-env=ASSAY_*",
    "--allow-sys",
    "--allow-net=127.0.0.1",
    "--allow-read",
    `--allow-write=${folder}`,
  ];
  const child = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--no-prompt",
      ...permissions,
      `${import.meta.dirname}/main.ts`,
      "--config",
      `${folder}/config.json`,
    ],
    stdin: "null",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  while (!text.includes("\n")) {
    const { done, value } = await lines.read();
    assert(!done, "The API ended before it was ready");
    text += value;
  }
  const { ready, url } = JSON.parse(text.slice(0, text.indexOf("\n")));
  assert.equal(ready, true);
  const owned = stack.move();
  return {
    url: url as string,
    folder,
    pid: child.pid,
    /** Asks it to end; gives its exit code. */
    async stop(): Promise<number> {
      child.kill("SIGTERM");
      while (!(await lines.read()).done);
      return (await child.status).code;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function residentBytes(pid: number): Promise<number> {
  const { stdout } = await new Deno.Command("ps", { args: ["-o", "rss=", "-p", String(pid)] }).output();
  return 1024 * Number(new TextDecoder().decode(stdout));
}

/** A multipart body of one file of that many mebibytes, and the digest of what was sent of it. */
function bigFile(mebibytes: number) {
  const head = new TextEncoder().encode(
    '--X\r\nContent-Disposition: form-data; name="file"; filename="big"\r\n\r\n',
  );
  const tail = new TextEncoder().encode("\r\n--X--\r\n");
  const random = crypto.getRandomValues(new Uint8Array(65_536));
  const hash = createHash("sha256");
  async function* parts() {
    yield head;
    for (let i = 0; i < mebibytes * 16; i++) {
      const chunk = random.slice();
      chunk.set(new Uint8Array(new Uint32Array([i]).buffer)); // no two alike
      hash.update(chunk);
      yield chunk;
    }
    yield tail;
  }
  return {
    parts,
    headers: { ...authorization, "content-type": "multipart/form-data; boundary=X" },
    length: head.length + mebibytes * 2 ** 20 + tail.length,
    digest: () => hash.digest("hex"),
  };
}

/** Uploads with the length told, which `fetch` can't for a stream. */
async function upload(url: string, file: ReturnType<typeof bigFile>) {
  const sent = request(`${url}/api/v1/submissions`, {
    method: "POST",
    headers: { ...file.headers, "content-length": file.length },
  });
  const answered = once(sent, "response") as Promise<[IncomingMessage]>;
  await pipeline(file.parts, sent);
  const [answer] = await answered;
  return {
    status: answer.statusCode,
    body: JSON.parse(Buffer.concat(await Array.fromAsync(answer)).toString()),
  };
}

/** An upload that doesn't end by itself. */
function endless(): RequestInit {
  const { parts, headers } = bigFile(100_000);
  return { method: "POST", headers, body: ReadableStream.from(parts()) };
}

Deno.test("the API's process serves, takes a big upload in flat memory, and ends on SIGTERM with streams open", async () => {
  await using api = await startApi();
  const ready = await (await fetch(`${api.url}/health/ready`)).json();
  const { reports, ...stores } = ready.checks as Record<string, { status: string }>;
  assert.deepEqual(
    [ready.status, reports!.status],
    ["away", "away"],
    "nobody listens as the reports process",
  );
  assert(Object.values(stores).every(({ status }) => status === "ready"), JSON.stringify(ready));
  const events = await fetch(`${api.url}/api/v1/events`, { headers: authorization });
  const before = await residentBytes(api.pid);
  const file = bigFile(300);
  const accepted = await upload(api.url, file);
  assert.equal(accepted.status, 202);
  const [{ size, sha256 }] = accepted.body.tasks;
  assert.deepEqual([size, sha256], [300 * 2 ** 20, file.digest()]);
  const grown = await residentBytes(api.pid) - before;
  assert(grown < 100e6, `Resident memory grew by ${grown} bytes`);
  const [code] = await Promise.all([api.stop(), events.text()]);
  assert.equal(code, 0);
});

Deno.test("an upload that its client gives up, or that is cut by the end of the process, leaves nothing", async () => {
  await using api = await startApi();
  const files = () => Array.fromAsync(Deno.readDir(`${api.folder}/samples/.incoming`), ({ name }) => name);
  const until = async (count: number) => {
    const changes = Deno.watchFs(`${api.folder}/samples/.incoming`);
    if ((await files()).length === count) return changes.close();
    for await (const _ of changes) if ((await files()).length === count) return;
  };
  const gone = new AbortController();
  const aborted = fetch(`${api.url}/api/v1/submissions`, { ...endless(), signal: gone.signal });
  aborted.catch(() => {}); // looked at below
  await until(1);
  gone.abort();
  await assert.rejects(aborted);
  await until(0);

  const cut = fetch(`${api.url}/api/v1/submissions`, endless()).then(
    (answer) => answer.text(),
    () => "",
  );
  await until(1);
  assert.equal(await api.stop(), 0);
  await cut;
  assert.deepEqual(await files(), []);
});
