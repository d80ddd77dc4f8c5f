import assert from "node:assert/strict";
import { readAssets } from "./assets.ts";
import { matches, serveAsset } from "./serve.ts";

Deno.test("readAssets() lists files of known types below the folder, follows no link, and takes no folder for none", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(`${folder}/embed/v1`, { recursive: true });
  await Deno.writeTextFile(`${folder}/index.html`, "<p>");
  await Deno.writeTextFile(`${folder}/embed/v1/assay.js`, "1");
  await Deno.writeTextFile(`${folder}/secret.key`, "s");
  await Deno.symlink("/etc/hostname", `${folder}/host.txt`);
  const assets = await readAssets(folder);
  assert.deepEqual([...assets.keys()].sort(), ["embed/v1/assay.js", "index.html"]);
  assert.equal(assets.get("index.html")!.type, "text/html; charset=utf-8");
  assert.equal((await readAssets(`${folder}/nowhere`)).size, 0);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("matches() compares entity tags as If-None-Match does", () => {
  assert.equal(matches('"a"', '"a"'), true);
  assert.equal(matches('"b", W/"a"', '"a"'), true);
  assert.equal(matches("*", '"a"'), true);
  assert.equal(matches('"ab"', '"a"'), false);
  assert.equal(matches(null, '"a"'), false);
});

Deno.test("serveAsset() answers 304 to a client that has it, and no body to HEAD", async () => {
  const asset = { bytes: new Uint8Array([1, 2]), type: "image/png", etag: '"t"' };
  const ask = (init: RequestInit) => serveAsset(new Request("http://assay/", init), asset);
  assert.equal(ask({ headers: { "if-none-match": '"t"' } }).status, 304);
  const head = ask({ method: "HEAD" });
  assert.deepEqual([head.headers.get("content-length"), head.body], ["2", null]);
  const got = ask({});
  assert.match(got.headers.get("content-security-policy")!, /script-src 'self';/);
  assert.deepEqual(new Uint8Array(await got.arrayBuffer()), asset.bytes);
});
