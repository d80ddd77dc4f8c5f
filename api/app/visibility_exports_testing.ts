import { EXPORT_KIND } from "@assay/core";
import assert from "node:assert/strict";
import { json, NO_HASH, NO_ID, type World } from "./visibility_testing.ts";

const asked = { format: "json", container: "zip", profile: null, defang: null, sections: null };

/** Another's file is as if it weren't there, to administrators too: it shows what its owner sees. */
function othersFile(end: string, init: RequestInit = {}) {
  return async ({ api, low }: World) => {
    const { id } = await api.jobs.create(EXPORT_KIND, { export: { ...asked, q: "secret.exe" } }, null);
    for (const key of [low, api.admin]) {
      const ask = async (file: string) => {
        const response = await api.ask(`/api/v1/exports/${file}${end}`, { ...init, key });
        assert.equal(response.status, 404);
        return (await response.text()).replaceAll(file, "X").replace(/"instance":"\w+"/, "");
      };
      assert.equal(await ask(id), await ask(NO_ID));
    }
  };
}

/** Cases of `/exports`. */
export const reportFileCases: Readonly<Record<string, (world: World) => Promise<void>>> = {
  createReportFile: async ({ api, low, secret, shared }) => {
    const ask = async (body: object, key: string) => {
      const response = await api.ask("/api/v1/exports", {
        ...json({ ...asked, dryRun: true, ...body }),
        key,
      });
      return { status: response.status, text: (await response.text()).replace(/"instance":"\w+"/, "") };
    };
    const count = async (body: object, key: string) => JSON.parse((await ask(body, key)).text).count;
    const both = { sha256s: [secret.sha256, shared.sha256, NO_HASH] };
    for (const body of [{ q: "" }, both, { q: "", scope: "reports" }]) {
      assert.deepEqual([await count(body, api.admin), await count(body, low)], [2, 1]);
    }
    const { id } = await (await api.ask("/api/v1/lists", json({ name: "unseen", tlp: "red" }))).json();
    for (const [name, hidden] of [["submission", secret.submissionId], ["list", id]] as const) {
      const unseen = await ask({ [name]: hidden }, low);
      assert.equal(unseen.status, 404);
      assert.equal(
        unseen.text.replaceAll(hidden, "X"),
        (await ask({ [name]: NO_ID }, low)).text.replaceAll(NO_ID, "X"),
      );
      assert.equal((await ask({ [name]: hidden }, api.admin)).status, 200);
    }
    assert.equal(await count({ submission: shared.submissionId }, low), 1);
  },
  listReportFiles: async ({ api, low }) => {
    const { id } = await api.jobs.create(EXPORT_KIND, { export: { ...asked, q: "secret.exe" } }, null);
    for (const key of [low, api.admin]) {
      assert.equal((await (await api.ask("/api/v1/exports", { key })).text()).includes(id), false);
    }
  },
  findReportFile: othersFile(""),
  downloadReportFile: othersFile("/download"),
  removeReportFile: othersFile("", { method: "DELETE" }),
};
