import { Config } from "@assay/infra";
import assert from "node:assert/strict";
import { readOrganisation } from "./organisation.ts";

const read = (logo: string) => readOrganisation(Config.parse({ reports: { logo } }).reports);

async function withFile<T>(bytes: Uint8Array, use: (path: string) => Promise<T>): Promise<T> {
  const path = await Deno.makeTempFile();
  try {
    await Deno.writeFile(path, bytes);
    return await use(path);
  } finally {
    await Deno.remove(path);
  }
}

Deno.test("readOrganisation() takes a logo by what it begins with", async () => {
  const text = new TextEncoder();
  const png = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0]);
  assert.equal((await withFile(png, read)).logo, `data:image/png;base64,${png.toBase64()}`);
  const jpeg = new Uint8Array([0xff, 0xd8, 0xff, 0xe0]);
  assert.match((await withFile(jpeg, read)).logo!, /^data:image\/jpeg;base64,/);
  const svg = '<?xml version="1.0"?>\n<!-- ours -->\n<svg xmlns="http://www.w3.org/2000/svg"/>';
  assert.match((await withFile(text.encode(svg), read)).logo!, /^data:image\/svg\+xml;base64,/);
});

Deno.test("readOrganisation() refuses what is no logo, too large or not there", async () => {
  const page = new TextEncoder().encode("<html><svg/></html>");
  await assert.rejects(withFile(page, read), /expected PNG, JPEG or SVG/);
  await assert.rejects(withFile(new Uint8Array(300_000), read), /at most 262144 bytes, got 300000/);
  await assert.rejects(read("/nonexistent/logo.png"), /Cannot read the logo '\/nonexistent\/logo\.png'/);
});

Deno.test("readOrganisation() has the words of the configuration", async () => {
  const { reports } = Config.parse({ reports: { organisation: " Example CERT ", notification: "" } });
  assert.deepEqual(await readOrganisation(reports), {
    name: "Example CERT",
    contact: null,
    logo: null,
    notification: null,
    tlpStatement: null,
  });
});
