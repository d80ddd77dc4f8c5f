import type { Report, Sha256 } from "@assay/core";
import assert from "node:assert/strict";
import { foundRun } from "../../infra/elasticsearch/testing.ts";
import { filtered, hidden, NO_HASH, type World } from "./visibility_testing.ts";

const SSDEEP = "96:i7oiH0eJbLS4UGmdmjOMnc6m1N7ZJu+Z3k5zqsJK8YJBMiZyx:i7oiUeNL7dmLMnc91jsEQS8YjvZyx";
const TLSH = "T1F4816CC0525492F72AEB0CBEA49E40E7B09D33651122AA5A41A20EA527FC7D38489BC9";

/** What makes two samples relatives in every way. */
export const inCommon: Partial<Report> = {
  digests: { sha256: NO_HASH as Sha256, ssdeep: SSDEEP, tlsh: TLSH },
  modules: [foundRun("pe", [
    { type: "tag", value: "found" },
    { type: "property", field: "pe.imphash", value: "f34d5f2d4577ed6d9ceec516c1f5a744" },
    { type: "observable", kind: "domain", value: "common.example" },
  ])],
};

/** The owner gets from the shared sample to the secret one, the other does not, and isn't told that there is a way. */
function noWay(path: (report: Report) => string, way: (text: string, world: World) => boolean) {
  return async (world: World) => {
    await hidden(path as Parameters<typeof hidden>[0])(world);
    const { api, low, secret, shared } = world;
    const ask = async (key: string) => await (await api.ask(path(shared), { key })).text();
    assert(way(await ask(api.admin), world), path(shared));
    const some = await ask(low);
    assert.equal(way(some, world), false, some);
    for (const word of ["secret", secret.sha256, secret.submissionId, secret.id]) {
      assert.equal(some.includes(word), false, `${path(shared)} tells '${word}'`);
    }
  };
}

/** One other sample has the domain that both have. */
const counted = (text: string) => /"value":"common\.example"[^}]*"samples":1/.test(text);

/** What ways from a sample to others must show. */
export const pivotCases: Readonly<Record<string, (world: World) => Promise<void>>> = {
  findSimilarSamples: noWay(
    (r) => `/api/v1/samples/${r.sha256}/similar`,
    (text, { secret }) => text.includes(secret.sha256),
  ),
  findSampleRelations: noWay((r) => `/api/v1/samples/${r.sha256}/relations`, counted),
  listSampleObservables: noWay((r) => `/api/v1/samples/${r.sha256}/observables`, counted),
  compareReports: async (world) => {
    const { id } = world.shared;
    await hidden((r) => `/api/v1/reports/${r.id}/compare/${id}`)(world);
    await hidden((r) => `/api/v1/reports/${id}/compare/${r.id}`)(world);
  },
  findSimilarToDigest: filtered(
    `/api/v1/similar?ssdeep=${encodeURIComponent(SSDEEP)}&tlsh=${TLSH}`,
    (r) => r.sha256,
  ),
};
