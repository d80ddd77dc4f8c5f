import { Sha256 } from "@assay/core";
import { createSampleStore } from "@assay/infra";
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import type { InlineModule } from "../module/define.ts";
import type { LoadedModule } from "../registry/registry.ts";
import { makeKeys } from "./key.ts";
import { createResultCache, type KeptResult, RESULTS } from "./results.ts";

function loaded(name: string, more: Partial<InlineModule> = {}, options: unknown = {}): LoadedModule {
  const module: InlineModule = {
    kind: "inline",
    name,
    title: name,
    description: name,
    category: "metadata",
    version: "1",
    options: z.unknown(),
    open: () => () => null,
    ...more,
  };
  return { module, url: "", options, timeoutMs: 1, version: module.version, definition: null };
}

const scan = { name: "a.exe", passwords: ["infected"] };

Deno.test("makeKeys() changes a key with version, definition, options, and what it depends on", () => {
  const key = (...modules: LoadedModule[]) => makeKeys(modules)(scan).get("x");
  const plain = key(loaded("x"));

  assert.equal(key(loaded("x")), plain);
  assert.equal(key(loaded("x", {}, { a: 1, b: 2 })), key(loaded("x", {}, { b: 2, a: 1 })));
  const others = [
    key(loaded("x", { version: "2" })),
    key({ ...loaded("x"), definition: "rules 7" }),
    key(loaded("x", {}, { a: 1 })),
    key(loaded("filetype"), loaded("x")),
    key(loaded("filetype", { version: "2" }), loaded("x")),
    key(loaded("r"), loaded("x", { requires: ["r"] })),
    key(loaded("r", { version: "2" }), loaded("x", { requires: ["r"] })),
  ];
  assert.equal(new Set([plain, ...others]).size, others.length + 1);
});

Deno.test("makeKeys() changes a key with name and passwords only where the module reads them", () => {
  const keys = makeKeys([
    loaded("plain"),
    loaded("named", { readsName: true }),
    loaded("opened", { readsPassword: true }),
    loaded("after", { requires: ["named"] }),
  ]);
  const changed = (input: Partial<typeof scan>) => {
    const [a, b] = [keys(scan), keys({ ...scan, ...input })];
    return [...a.keys()].filter((name) => a.get(name) !== b.get(name)).sort();
  };

  assert.deepEqual(changed({}), []);
  assert.deepEqual(changed({ name: "b.exe" }), ["after", "named"]);
  assert.deepEqual(changed({ passwords: ["other"] }), ["opened"]);
});

const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

async function withStore(
  work: (store: Awaited<ReturnType<typeof createSampleStore>>, sha256: Sha256) => Promise<void>,
): Promise<void> {
  const path = await Deno.makeTempDir();
  try {
    const store = await createSampleStore({ path });
    const { sha256 } = await store.put(new TextEncoder().encode("sample"), { maxBytes: 100 });
    await work(store, sha256);
  } finally {
    await Deno.remove(path, { recursive: true });
  }
}

Deno.test("load() gives back what save() kept where the key is the same", () =>
  withStore(async (store, sha256) => {
    const cache = createResultCache(store);
    const results: KeptResult[] = [
      { module: "none", key: "k1", json: null, children: [], limits: [] },
      {
        module: "some",
        key: "k2",
        json: { observations: bytes([{ type: "tag", value: "packed" }]), raw: bytes({ a: 1 }) },
        children: [{ sha256, size: 6, name: "inner" }],
        limits: ["some: cut"],
      },
      { module: "old", key: "k3", json: { observations: bytes([]), raw: null }, children: [], limits: [] },
    ];

    await cache.save(sha256, results);
    const found = await cache.load(sha256, new Map([["none", "k1"], ["some", "k2"], ["old", "k4"]]));

    assert.deepEqual([...found.keys()], ["none", "some"]);
    assert.equal(found.get("none")!.findings, null);
    assert.deepEqual(found.get("some")!.findings, {
      observations: [{ type: "tag", value: "packed" }],
      raw: { a: 1 },
      limits: ["some: cut"],
    });
    assert.deepEqual(found.get("some")!.kept, results[1]);
  }));

Deno.test("load() drops a result whose extracted file is gone", () =>
  withStore(async (store, sha256) => {
    const cache = createResultCache(store);
    const gone = Sha256.parse("0".repeat(64));

    await cache.save(sha256, [{
      module: "zip",
      key: "k",
      json: { observations: bytes([]), raw: null },
      children: [{ sha256: gone, size: 1, name: "x" }],
      limits: [],
    }]);

    assert.equal((await cache.load(sha256, new Map([["zip", "k"]]))).size, 0);
  }));

Deno.test("load() takes what can't be read for nothing", () =>
  withStore(async (store, sha256) => {
    const cache = createResultCache(store);
    const wanted = new Map([["x", "k"]]);

    for (const broken of [new Uint8Array([1, 2, 3]), gzipSync("{"), gzipSync(new Uint8Array(100))]) {
      await store.attach(sha256, RESULTS, broken);
      assert.equal((await cache.load(sha256, wanted)).size, 0);
    }
  }));
