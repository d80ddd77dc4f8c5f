import assert from "node:assert/strict";
import { chooseApiPort } from "./api_port.ts";
import { ensureAdminKey } from "./admin_key.ts";

Deno.test("chooseApiPort() insists on a port asked for and gives way from the usual one", () => {
  using taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = taken.addr;
  assert.throws(
    () => chooseApiPort("127.0.0.1", port, true),
    /Cannot listen on port \d+: another program does/,
  );
  assert.notEqual(chooseApiPort("127.0.0.1", port, false), port);
  assert.ok(chooseApiPort("127.0.0.1", 0, true) > 0);
});

Deno.test("ensureAdminKey() keeps its key, and writes no configured one", async () => {
  const folder = await Deno.makeTempDir();
  assert.equal(await ensureAdminKey(folder, "assay_given"), "assay_given");
  assert.deepEqual([...Deno.readDirSync(folder)], []);
  const key = await ensureAdminKey(folder, null);
  assert.equal(await ensureAdminKey(folder, null), key);
  await Deno.remove(folder, { recursive: true });
});
