import assert from "node:assert/strict";
import { json, NO_ID, type World } from "./visibility_testing.ts";

/** An import at that level that speaks of both samples. */
async function imported(
  { api, secret, shared }: World,
  tlp: string,
  key: string = api.admin,
): Promise<string> {
  const hashes = [secret, shared].map(({ sha256 }) => ({
    algorithm: "sha256",
    value: sha256,
    verdict: "bad",
    tlp,
    note: "secret-note",
  }));
  const path = `/api/v1/imports?format=known&source=${crypto.randomUUID()}`;
  const { id } = await (await api.ask(path, { ...json({ hashes }), key })).json();
  return id;
}

/** An administrator who is cleared less. */
async function lowAdmin({ api }: World): Promise<string> {
  return (await api.makeKey({ name: "low admin", scopes: ["admin"], maxTlp: "green" })).text;
}

/** An import above an administrator's clearance is as if it weren't there. */
function hiddenImport(end: string, init: RequestInit = {}) {
  return async (world: World) => {
    const { api } = world;
    const id = await imported(world, "red");
    const low = await lowAdmin(world);
    const ask = (one: string, key: string) => api.ask(`/api/v1/imports/${one}${end}`, { ...init, key });
    const [unseen, absent] = [await ask(id, low), await ask(NO_ID, low)];
    assert.deepEqual([unseen.status, absent.status], [404, 404]);
    const plain = (text: string) => text.replaceAll(id, NO_ID).replace(/"instance":"\w+"/, "");
    assert.equal(plain(await unseen.text()), plain(await absent.text()));
    assert((await ask(id, api.admin)).ok);
    await api.ask(`/api/v1/imports/${id}`, { method: "DELETE" });
  };
}

/** What imports must show to administrators of less clearance. */
export const importCases: Readonly<Record<string, (world: World) => Promise<void>>> = {
  createImport: async (world) => {
    const { api } = world;
    const id = await imported(world, "green", await lowAdmin(world));
    assert.equal((await (await api.ask(`/api/v1/imports/${id}`)).json()).samples, 1);
    await api.ask(`/api/v1/imports/${id}`, { method: "DELETE" });
  },
  listImports: async (world) => {
    const { api } = world;
    const id = await imported(world, "red");
    const low = await lowAdmin(world);
    const list = async (key: string) => await (await api.ask("/api/v1/imports", { key })).text();
    assert.deepEqual([(await list(api.admin)).includes(id), (await list(low)).includes(id)], [true, false]);
    await api.ask(`/api/v1/imports/${id}`, { method: "DELETE" });
  },
  findImport: hiddenImport(""),
  listImportSamples: async (world) => {
    await hiddenImport("/samples")(world);
    const { api, secret, shared } = world;
    const id = await imported(world, "green");
    const list = async (key: string) =>
      (await (await api.ask(`/api/v1/imports/${id}/samples`, { key })).json()).items;
    assert.deepEqual(await list(await lowAdmin(world)), [shared.sha256]);
    assert.deepEqual(await list(api.admin), [secret.sha256, shared.sha256].sort());
    await api.ask(`/api/v1/imports/${id}`, { method: "DELETE" });
  },
  removeImport: hiddenImport("", { method: "DELETE" }),
};
