import type { Sha256 } from "@assay/core";
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createSampleStore } from "./folder.ts";
import { SampleMissingError, SampleTooLargeError } from "./store.ts";

const text = (value: string) => new TextEncoder().encode(value);
const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex") as Sha256;
const limits = { maxBytes: 1_000_000 };

async function withStore(
  run: (store: Awaited<ReturnType<typeof createSampleStore>>, root: string) => Promise<void>,
) {
  const root = await Deno.makeTempDir();
  try {
    await run(await createSampleStore({ path: root }), root);
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}
const leftOver = (root: string) => Array.fromAsync(Deno.readDir(`${root}/.incoming`));

Deno.test("put() stores by SHA-256 in sharded folders and tells the second time that the bytes are known", () =>
  withStore(async (store, root) => {
    const bytes = text("MZ hello");
    const first = await store.put(new Blob([bytes]).stream(), limits);
    const second = await store.put(bytes, limits);
    assert.deepEqual(first, { sha256: digest(bytes), size: 8, known: false });
    assert.deepEqual(second, { ...first, known: true });
    const { sha256 } = first;
    assert.equal(store.path(sha256), `${root}/${sha256.slice(0, 2)}/${sha256.slice(2, 4)}/${sha256}`);
    assert.deepEqual(await store.read(sha256), bytes);
    assert.equal(await new Response((await store.open(sha256)).stream).text(), "MZ hello");
    assert.deepEqual(await leftOver(root), []);
  }));

Deno.test("put() takes an empty file", () =>
  withStore(async (store) => {
    const { sha256, size } = await store.put(new Uint8Array(), limits);
    assert.equal(sha256, digest(new Uint8Array()));
    assert.equal(size, 0);
    assert.equal(await store.size(sha256), 0);
  }));

Deno.test("put() refuses more bytes than the limit and leaves nothing over", () =>
  withStore(async (store, root) => {
    await assert.rejects(store.put(new Uint8Array(11), { maxBytes: 10 }), SampleTooLargeError);
    assert.deepEqual(await Array.fromAsync(Deno.readDir(root), (e) => e.name), [".incoming"]);
    assert.deepEqual(await leftOver(root), []);
  }));

Deno.test("put() leaves nothing over when it is aborted or the stream breaks", () =>
  withStore(async (store, root) => {
    const abort = new AbortController();
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        controller.enqueue(new Uint8Array(1000));
        abort.abort(new DOMException("gone", "AbortError"));
      },
    });
    await assert.rejects(store.put(endless, { ...limits, signal: abort.signal }), { name: "AbortError" });
    const broken = new ReadableStream<Uint8Array>({
      pull: (controller) => controller.error(new Error("connection reset")),
    });
    await assert.rejects(store.put(broken, limits), /connection reset/);
    assert.deepEqual(await leftOver(root), []);
  }));

Deno.test("put() of the same bytes at the same time stores them once", () =>
  withStore(async (store, root) => {
    const bytes = new Uint8Array(100_000).fill(7);
    const ends = await Promise.all(
      Array.from({ length: 20 }, () => store.put(new Blob([bytes]).stream(), limits)),
    );
    assert.equal(new Set(ends.map((end) => end.sha256)).size, 1);
    assert.deepEqual(await store.read(digest(bytes)), bytes);
    assert.deepEqual(await leftOver(root), []);
  }));

Deno.test("read() and open() name a sample that isn't there", () =>
  withStore(async (store) => {
    await assert.rejects(store.read(digest(text("x"))), SampleMissingError);
    await assert.rejects(store.open(digest(text("x"))), SampleMissingError);
    assert.equal(await store.has(digest(text("x"))), false);
    assert.equal(await store.attachment(digest(text("x")), "strings"), null);
  }));

Deno.test("attach() keeps a by-product beside the sample until it is removed, and takes no path for a name", () =>
  withStore(async (store) => {
    const { sha256 } = await store.put(text("a"), limits);
    await store.attach(sha256, "strings", text("one"));
    await store.attach(sha256, "strings", text("two"));
    assert.deepEqual(await store.attachment(sha256, "strings"), text("two"));
    await assert.rejects(async () => await store.attach(sha256, "../x", text("")), RangeError);
    assert.equal(await store.remove(sha256), true);
    assert.equal(await store.remove(sha256), false);
    assert.equal(await store.attachment(sha256, "strings"), null);
  }));

Deno.test("createSampleStore() sweeps what a killed process left a day ago and spares uploads under way", async () => {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/.incoming`);
  await Deno.writeTextFile(`${root}/.incoming/old`, "x");
  await Deno.writeTextFile(`${root}/.incoming/new`, "x");
  await Deno.utime(`${root}/.incoming/old`, new Date(0), new Date(0));
  await createSampleStore({ path: root });
  assert.deepEqual((await leftOver(root)).map((entry) => entry.name), ["new"]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("put() keeps a sample only once it is agreed to, and asks when its bytes are there", () =>
  withStore(async (store, root) => {
    const asked: number[] = [];
    const agree = (verdict: () => Promise<void>) => (sample: { size: number }) => {
      asked.push(sample.size);
      return verdict();
    };
    const refused = store.put(text("abc"), {
      ...limits,
      agree: agree(() => Promise.reject(new Error("refused"))),
    });
    await assert.rejects(refused, /refused/);
    assert.equal(await store.has(digest(text("abc"))), false);
    await store.put(text("abcd"), { ...limits, agree: agree(() => Promise.resolve()) });
    assert.equal(await store.has(digest(text("abcd"))), true);
    assert.deepEqual(asked, [3, 4]);
    assert.deepEqual(await leftOver(root), []);
  }));
