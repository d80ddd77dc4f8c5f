import assert from "node:assert/strict";
import { multipartOf } from "../scan/multipart.ts";
import { postUpload } from "./upload.ts";

const signal = () => AbortSignal.timeout(20_000);

/** A server that answers each request so. */
function serve(answer: (request: Request) => Response | Promise<Response>) {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, answer);
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function fileOf(bytes: number) {
  const path = await Deno.makeTempFile();
  await Deno.truncate(path, bytes);
  return { path, size: bytes, modified: 0, [Symbol.asyncDispose]: () => Deno.remove(path) };
}

Deno.test("postUpload() tells the length of what it reads while it sends", async () => {
  await using server = serve(async (request) => {
    const length = Number(request.headers.get("content-length"));
    const form = await request.formData();
    return Response.json({ length, file: (form.get("file") as File).size, options: form.get("options") });
  });
  await using file = await fileOf(3_000_000);

  const upload = await multipartOf({ tlp: "red" }, [file]);
  const answer = await (await postUpload(server.url, upload, signal())).json();

  assert.deepEqual(answer, { length: upload.length, file: 3_000_000, options: '{"tlp":"red"}' });
});

Deno.test("postUpload() gives a refusal that comes before all is sent", async () => {
  await using server = serve(() => new Response("too large", { status: 413 }));
  await using file = await fileOf(50_000_000);

  const response = await postUpload(server.url, await multipartOf({}, [file]), signal());

  assert.deepEqual([response.status, await response.text()], [413, "too large"]);
});

Deno.test("postUpload() names a file that became shorter, a server that isn't there, and why it was stopped", async () => {
  await using server = serve(async (request) => new Response(await request.text().catch(() => "cut")));
  await using file = await fileOf(1_000_000);
  const upload = await multipartOf({}, [file]);
  const stop = new AbortController();
  stop.abort(new Error("not wanted"));

  await assert.rejects(postUpload(server.url, upload, stop.signal), /not wanted/);
  await assert.rejects(postUpload("http://127.0.0.1:9/", upload, signal()), {
    name: "TypeError",
    message: /Cannot send to/,
  });
  await Deno.truncate(file.path, 10);
  await assert.rejects(postUpload(server.url, upload, signal()), /it became shorter while it was read/);
});
