import assert from "node:assert/strict";
import { createSampleStore } from "./folder.ts";
import { startGlusterfs, whyNoGlusterfs } from "./glusterfs_testing.ts";
import { SampleStoreAwayError } from "./store.ts";

const why = await whyNoGlusterfs();
const limits = { maxBytes: 10_000_000 };
const sample = (seed: number) => crypto.getRandomValues(new Uint8Array(20_000)).fill(seed, 0, 8);

Deno.test({
  name: `createSampleStore() on a replicated GlusterFS volume keeps every sample while one brick is killed${
    why ? ` (${why})` : ""
  }`,
  ignore: why !== null,
  async fn() {
    await using volume = await startGlusterfs();
    const store = await createSampleStore({ path: volume.mount, mount: "glusterfs" });
    const samples = Array.from({ length: 120 }, (_, i) => sample(i));
    const puts = samples.map((bytes, i) => async () => {
      if (i === 40) await volume.killBrick(1);
      return await store.put(bytes, limits);
    });
    for (const put of puts) await put();
    for (const bytes of samples) {
      const { sha256, known } = await store.put(bytes, limits);
      assert.equal(known, true);
      assert.deepEqual(await store.read(sha256), bytes);
    }
  },
});

Deno.test({
  name: `createSampleStore() says the volume is away when its mount is lost, and goes on when it is back${
    why ? ` (${why})` : ""
  }`,
  ignore: why !== null,
  async fn() {
    await using volume = await startGlusterfs();
    const store = await createSampleStore({ path: volume.mount, mount: "glusterfs" });
    const bytes = sample(1);
    const { sha256 } = await store.put(bytes, limits);

    await volume.killClient();
    await assert.rejects(store.check(), SampleStoreAwayError);
    await assert.rejects(store.put(sample(2), limits), SampleStoreAwayError);
    await assert.rejects(store.read(sha256), SampleStoreAwayError);
    await assert.rejects(store.has(sha256), SampleStoreAwayError);

    await volume.unmount();
    await assert.rejects(store.check(), /expected a GlusterFS volume mounted by FUSE/);
    await assert.rejects(store.put(sample(3), limits), SampleStoreAwayError);
    await assert.rejects(store.read(sha256), SampleStoreAwayError);
    assert.deepEqual(
      await Array.fromAsync(Deno.readDir(volume.mount)),
      [],
      "nothing may land on the bare mount point",
    );

    await volume.remount();
    await store.check();
    assert.deepEqual(await store.read(sha256), bytes);
    assert.equal((await store.put(sample(4), limits)).known, false);
  },
});

Deno.test("createSampleStore() refuses to start on a folder that is no GlusterFS mount", async () => {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/.incoming`);
  await assert.rejects(
    createSampleStore({ path: root, mount: "glusterfs" }),
    /expected a GlusterFS volume mounted by FUSE, got/,
  );
  await assert.rejects(
    createSampleStore({ path: `${root}/nowhere`, mount: "glusterfs" }),
    SampleStoreAwayError,
  );
  assert.deepEqual(await Array.fromAsync(Deno.readDir(`${root}/.incoming`)), []);
  await Deno.remove(root, { recursive: true });
});
