import { createSampleStore, type SampleStore } from "@assay/infra";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import assert from "node:assert/strict";
import { streamArchive } from "./archive.ts";

async function withStore(run: (store: SampleStore) => Promise<void>): Promise<void> {
  const root = await Deno.makeTempDir();
  try {
    await run(await createSampleStore({ path: root }));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

const bytesOf = async (stream: ReadableStream<Uint8Array>) =>
  new Uint8Array(await new Response(stream as BodyInit).arrayBuffer());

Deno.test("streamArchive() makes a zip that opens with the password only, by either encryption", () =>
  withStore(async (store) => {
    const contents = [new Uint8Array(0), crypto.getRandomValues(new Uint8Array(60_000))];
    const stored = await Promise.all(contents.map((bytes) => store.put(bytes, { maxBytes: 2 ** 20 })));
    for (const encryption of ["zipcrypto", "aes"] as const) {
      const zip = await bytesOf(
        streamArchive(stored.map((s) => s.sha256), store, { password: "infected", encryption }),
      );
      const reader = new ZipReader(new Uint8ArrayReader(zip), { useWebWorkers: false });
      const entries = await reader.getEntries();
      assert.deepEqual(entries.map((entry) => entry.filename), stored.map((s) => s.sha256));
      for (const [i, entry] of entries.entries()) {
        assert(!entry.directory);
        assert.equal(entry.encrypted, true);
        assert.deepEqual(await entry.getData(new Uint8ArrayWriter(), { password: "infected" }), contents[i]);
      }
      const last = entries[1]!;
      assert(!last.directory);
      await assert.rejects(last.getData(new Uint8ArrayWriter(), { password: "wrong", checkSignature: true }));
      await reader.close();
    }
  }));

Deno.test("streamArchive() ends with an error where a sample is gone, and lets go of files where its reader leaves", () =>
  withStore(async (store) => {
    const { sha256 } = await store.put(new Uint8Array(2 ** 20), { maxBytes: 2 ** 20 });
    const options = { password: "infected", encryption: "zipcrypto" } as const;
    const reader = streamArchive([sha256, sha256], store, options).getReader();
    await reader.read();
    await reader.cancel("gone");
    await store.remove(sha256);
    await assert.rejects(bytesOf(streamArchive([sha256], store, options)), /not in the store/);
  }));
