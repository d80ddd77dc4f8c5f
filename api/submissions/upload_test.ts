import { createSampleStore, type SampleStore, SampleTooLargeError } from "@assay/infra";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ProblemError } from "../problem/problem.ts";
import { receiveMultipart, receiveRaw } from "./upload.ts";

const limits = {
  maxSampleBytes: 100_000,
  maxFiles: 3,
  uploadIdle: 60_000,
  signal: new AbortController().signal,
};
const accept = () => Promise.resolve();
const sha256 = (bytes: Uint8Array | string) => createHash("sha256").update(bytes).digest("hex");

async function withStore(run: (store: SampleStore, root: string) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await run(await createSampleStore({ path: root }), root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/** Every file below the store, samples and temporary ones alike. */
async function filesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) found.push(...await filesIn(`${folder}/${entry.name}`));
    else found.push(entry.name);
  }
  return found.sort();
}

function form(...parts: readonly (readonly [name: string, value: string | File])[]): Request {
  const data = new FormData();
  for (const [name, value] of parts) data.append(name, value);
  return new Request("http://assay/", { method: "POST", body: data });
}

const code = (wanted: string) => (cause: unknown) => {
  assert(cause instanceof ProblemError, String(cause));
  assert.equal(cause.code, wanted, cause.message);
  return true;
};

Deno.test("receiveMultipart() stores every file in order, with options before or after", () =>
  withStore(async (store, root) => {
    const files = [new File(["one"], "a.exe"), new File([], "empty"), new File(["one"], "../b")] as const;
    for (const at of [0, 3]) {
      const parts: [string, string | File][] = files.map((file) => ["file", file]);
      parts.splice(at, 0, ["options", '{"tlp":"red"}']);
      const upload = await receiveMultipart(form(...parts), store, limits, accept);
      assert.deepEqual(upload.files, [
        { sha256: sha256("one"), size: 3, name: "a.exe" },
        { sha256: sha256(""), size: 0, name: "empty" },
        { sha256: sha256("one"), size: 3, name: "../b" },
      ]);
      assert.equal(upload.options, '{"tlp":"red"}');
    }
    assert.deepEqual(await filesIn(root), [sha256("one"), sha256("")].sort());
  }));

Deno.test("receiveMultipart() keeps nothing where one thing is refused", () =>
  withStore(async (store, root) => {
    const small = new File(["small"], "s");
    const refuse = () => Promise.reject(new ProblemError("invalid-options", "no"));
    const big = new File([new Uint8Array(100_001)], "big");
    const all = (request: Request, check = accept) => receiveMultipart(request, store, limits, check);
    await assert.rejects(all(form(["file", small], ["file", big])), SampleTooLargeError);
    await assert.rejects(all(form(["file", big], ["file", small])), SampleTooLargeError);
    await assert.rejects(all(form(["file", small]), refuse), code("invalid-options"));
    await assert.rejects(all(form(["options", "{}"])), code("no-files"));
    await assert.rejects(all(form(["file", small], ["sample", small])), code("invalid-multipart"));
    await assert.rejects(
      all(form(["file", small], ["options", "{}"], ["options", "{}"])),
      code("invalid-multipart"),
    );
    await assert.rejects(all(form(["file", small], ["options", "x".repeat(70_000)])), code("body-too-large"));
    const many = Array.from({ length: 4 }, () => ["file", small] as const);
    await assert.rejects(all(form(...many)), code("too-many-files"));
    assert.deepEqual(await filesIn(root), []);
  }));

Deno.test("receiveMultipart() keeps nothing of an upload that breaks off or is aborted by its client", () =>
  withStore(async (store, root) => {
    const begin = new TextEncoder().encode(
      '--X\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
    );
    const request = (
      pull: (controller: ReadableStreamDefaultController<Uint8Array>) => void,
      signal?: AbortSignal,
    ) =>
      new Request("http://assay/", {
        method: "POST",
        headers: { "content-type": "multipart/form-data; boundary=X" },
        body: new ReadableStream({ start: (controller) => controller.enqueue(begin), pull }),
        ...(signal && { signal }),
      });
    await assert.rejects(
      receiveMultipart(request((controller) => controller.error(new Error("reset"))), store, limits, accept),
      code("upload-stalled"),
    );
    await assert.rejects(
      receiveMultipart(request((controller) => controller.close()), store, limits, accept),
      code("invalid-multipart"),
    );
    const abort = new AbortController();
    const aborted = request(() => abort.abort(new DOMException("gone", "AbortError")), abort.signal);
    await assert.rejects(receiveMultipart(aborted, store, limits, accept), { name: "AbortError" });
    const silent = request(() => new Promise(() => {}));
    await assert.rejects(
      receiveMultipart(silent, store, { ...limits, uploadIdle: 20 }, accept),
      code("upload-stalled"),
    );
    assert.deepEqual(await filesIn(root), []);
  }));

Deno.test("receiveRaw() stores a body, an empty one too, and refuses one past the limit by length or by count", () =>
  withStore(async (store, root) => {
    const raw = (body: BodyInit | null, headers: HeadersInit = {}) =>
      receiveRaw(new Request("http://assay/", { method: "POST", body, headers }), "n", store, limits);
    assert.deepEqual(await raw("abc"), { sha256: sha256("abc"), size: 3, name: "n" });
    assert.equal((await raw(null)).size, 0);
    const announced = raw("x", { "content-length": "100001" });
    await assert.rejects(announced, code("sample-too-large"));
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.enqueue(new Uint8Array(60_000)),
    });
    await assert.rejects(raw(endless), SampleTooLargeError);
    assert.deepEqual(await filesIn(root), [sha256("abc"), sha256("")].sort());
  }));
