import { exportForms } from "@assay/core";
import assert from "node:assert/strict";
import { operations, testApi } from "./testing.ts";
import { annotationCases } from "./visibility_annotations.ts";
import { reportFileCases } from "./visibility_exports_testing.ts";
import { importCases } from "./visibility_imports_testing.ts";
import { inCommon, pivotCases } from "./visibility_pivots_testing.ts";
import { anonymous, filtered, hidden, json, NO_HASH, NO_ID, type World } from "./visibility_testing.ts";

/** Tells nothing that belongs to a submission. */
const neutral = () => Promise.resolve();
/** For administrators, who see all of it by their scope. */
const administrators = neutral;

/** Counts are of what the key may see, and nothing of the rest is told, by GET and by POST. */
function counted(path: string, given: Readonly<Record<string, string>>, method: "GET" | "POST") {
  return async ({ api, low, secret }: World) => {
    for (const scope of ["samples", "reports"]) {
      const asked = { ...given, scope };
      const ask = async (key: string) => {
        const body = { ...asked, ...("fields" in given ? { fields: given["fields"]!.split(",") } : {}) };
        const response = await (method === "GET"
          ? api.ask(`${path}?${new URLSearchParams(asked)}`, { key })
          : api.ask(path, { ...json(body), key }));
        assert.equal(response.status, 200, path);
        return await response.json();
      };
      const [all, some] = [await ask(api.admin), await ask(low)];
      assert.deepEqual([all.total, some.total], [2, 1], path);
      const text = JSON.stringify(some);
      for (const word of ["secret", secret.sha256, secret.submissionId, '"red"']) {
        assert.equal(text.includes(word), false, `${path} tells '${word}': ${text}`);
      }
    }
  };
}
/** What stands out does so among what the key may see. */
function stands(method: "GET" | "POST") {
  return async ({ api, low }: World) => {
    for (const scope of ["samples", "reports"]) {
      const asked = { q: "tag:found", scope };
      const ask = async (key: string) =>
        await (await (method === "GET"
          ? api.ask(`/api/v1/search/significant?${new URLSearchParams(asked)}`, { key })
          : api.ask("/api/v1/search/significant", { ...json(asked), key }))).json();
      const [all, some] = [await ask(api.admin), await ask(low)];
      assert.deepEqual([all.background, some.background, some.total], [2, 1, 1]);
      assert.equal(JSON.stringify(some).includes("secret"), false);
    }
  };
}
const facets = { fields: "name,tag,tlp,submitter,fileType", q: "fileType:pe" };

/** Another's job is as if it weren't there; administrators see it. */
function othersJob(end: string, init: RequestInit = {}) {
  return async ({ api, low }: World) => {
    const { id } = await api.jobs.create("search.export", { search: { q: "secret.exe" } }, null);
    const ask = (job: string, key: string) => api.ask(`/api/v1/jobs/${job}${end}`, { ...init, key });
    const plain = async (job: string) =>
      (await (await ask(job, low)).text()).replaceAll(job, "X").replace(/"instance":"\w+"/, "");
    assert.equal(await plain(id), await plain(NO_ID));
    assert.equal((await ask(id, api.admin)).status, 200);
  };
}

/** What each operation must show. A route without an entry fails the test. */
const cases: Readonly<Record<string, (world: World) => Promise<void>>> = {
  listSubmissions: filtered("/api/v1/submissions", (r) => r.submissionId),
  findSubmission: hidden((r) => `/api/v1/submissions/${r.submissionId}`),
  createSubmission: hidden(() => "/api/v1/submissions", {}, 202),
  listTasks: filtered("/api/v1/tasks", (r) => r.id),
  countTasks: async ({ api, low }) => {
    const complete = async (key: string) =>
      (await (await api.ask("/api/v1/tasks/counts", { key })).json()).complete;
    assert.deepEqual([await complete(api.admin), await complete(low)], [2, 1]);
  },
  replayTasks: async ({ api, low, secret }) => {
    const response = await api.ask("/api/v1/tasks/replay", { ...json({ ids: [secret.id] }), key: low });
    assert.deepEqual(await response.json(), { replayed: [], more: false });
  },
  findTask: hidden((r) => `/api/v1/tasks/${r.id}`),
  cancelTask: hidden((r) => `/api/v1/tasks/${r.id}/cancel`, { method: "POST" }, 409),
  retryTask: hidden((r) => `/api/v1/tasks/${r.id}/retry`, { method: "POST" }, 409),
  removeTask: async ({ api, low, secret }) => {
    const ask = (id: string) => api.ask(`/api/v1/tasks/${id}`, { method: "DELETE", key: low });
    assert.deepEqual([(await ask(secret.id)).status, (await ask(NO_ID)).status], [404, 404]);
    assert.equal((await api.ask(`/api/v1/tasks/${secret.id}`)).status, 200);
  },
  findSample: hidden((r) => `/api/v1/samples/${r.sha256}`),
  downloadSample: hidden((r) => `/api/v1/samples/${r.sha256}/download`),
  downloadSamples: hidden((r) => `/api/v1/samples/download.zip?sha256=${r.sha256}`),
  ...annotationCases,
  ...pivotCases,
  findReport: hidden((r) => `/api/v1/reports/${r.id}`),
  exportReport: async (world) => {
    for (const format of Object.keys(exportForms)) {
      await hidden((r) => `/api/v1/reports/${r.id}/export/${format}`)(world);
    }
  },
  exportSample: hidden((r) => `/api/v1/samples/${r.sha256}/export/text`),
  search: async (world) => {
    for (const scope of ["samples", "reports"]) {
      await filtered(`/api/v1/search?scope=${scope}`, (r) => r.sha256)(world);
      const ask = async (q: string, key: string) => {
        const answer = await world.api.ask(`/api/v1/search?scope=${scope}&q=${encodeURIComponent(q)}`, {
          key,
        });
        return (await answer.json()).total.value;
      };
      for (const q of ["name:secret.exe", "tag:secret-tag", `sha256:${world.secret.sha256}`]) {
        assert.deepEqual([await ask(q, world.api.admin), await ask(q, world.low)], [1, 0], q);
      }
    }
  },
  countFacets: counted("/api/v1/search/facets", facets, "GET"),
  postFacets: counted("/api/v1/search/facets", facets, "POST"),
  countHistogram: counted("/api/v1/search/histogram", { field: "seen", interval: "1h" }, "GET"),
  postHistogram: counted("/api/v1/search/histogram", { field: "seen", interval: "1h" }, "POST"),
  measureField: counted("/api/v1/search/statistics", { field: "name" }, "GET"),
  postStatistics: counted("/api/v1/search/statistics", { field: "tag" }, "POST"),
  postSearch: async ({ api, low, secret, shared }) => {
    for (const scope of ["samples", "reports"]) {
      for (const show of ["hits", "ids", "count"]) {
        const ask = async (q: string, key: string) => {
          const response = await api.ask("/api/v1/search", { ...json({ q, scope, show }), key });
          return await response.json();
        };
        const hashes = `${secret.sha256} ${shared.sha256}`;
        assert.equal((await ask(hashes, api.admin)).total.value, 2);
        const seen = await ask(hashes, low);
        assert.equal(seen.total.value, 1);
        assert.equal(JSON.stringify(seen).includes(secret.sha256), false);
      }
    }
  },
  findSignificant: stands("GET"),
  postSignificant: stands("POST"),
  suggest: async ({ api, low }) => {
    const ask = async (parameters: string, key: string) => {
      const response = await api.ask(`/api/v1/search/suggestions?${parameters}`, { key });
      assert.equal(response.status, 200);
      return await response.json();
    };
    for (const scope of ["samples", "reports"]) {
      for (
        const asked of ["field=name&prefix=", "text=name:", "text=tag:secret", "field=tag&prefix=secret"]
      ) {
        const [all, some] = [
          await ask(`scope=${scope}&${asked}`, api.admin),
          await ask(`scope=${scope}&${asked}`, low),
        ];
        assert.match(JSON.stringify(all.items), /secret/, asked);
        assert.doesNotMatch(JSON.stringify(some.items), /secret/, asked);
      }
    }
  },
  exportSearch: async (world) => {
    for (const scope of ["samples", "reports"]) {
      for (const format of ["ndjson", "csv", "hashes"]) {
        await filtered(`/api/v1/search/export?scope=${scope}&format=${format}`, (r) => r.sha256)(world);
      }
      const fields = "sha256,name,tag,submission,submitter,tlp";
      await filtered(`/api/v1/search/export?scope=${scope}&fields=${fields}`, (r) => r.sha256)(world);
    }
  },
  postExport: (world) =>
    filtered("/api/v1/search/export", (r) => r.sha256, json({ scope: "reports", fields: ["sha256", "tag"] }))(
      world,
    ),
  listSearchFields: neutral,
  listModules: neutral,
  listenEvents: async (world) => {
    await hidden((r) => `/api/v1/events?taskId=${r.id}`)(world);
    await hidden((r) => `/api/v1/events?submissionId=${r.submissionId}`)(world);
  },
  listJobs: async ({ api, low }) => {
    const { id } = await api.jobs.create("search.export", { search: { q: "secret.exe" } }, null);
    const list = async (key: string) => await (await api.ask("/api/v1/jobs", { key })).text();
    assert.deepEqual([(await list(api.admin)).includes(id), (await list(low)).includes(id)], [true, false]);
  },
  findJob: othersJob(""),
  cancelJob: othersJob("/cancel", { method: "POST" }),
  downloadJobResult: async ({ api, low }) => {
    const search = { action: "export", q: "", scope: "samples", format: "csv" };
    const { id } = await api.jobs.create("search.export", { search }, null);
    // Not even administrators: the file shows what its owner sees.
    for (const key of [low, api.admin]) {
      assert.equal((await api.ask(`/api/v1/jobs/${id}/result`, { key })).status, 404);
    }
  },
  ...reportFileCases,
  runSearchAction: async ({ api, low, secret, shared }) => {
    const count = async (body: object, key: string) => {
      const asked = json({ action: "untag", tags: ["x"], dryRun: true, ...body });
      return (await (await api.ask("/api/v1/search/actions", { ...asked, key })).json()).count;
    };
    const both = { sha256s: [secret.sha256, shared.sha256] };
    for (const body of [{ q: "" }, both, { q: "", scope: "reports" }]) {
      assert.deepEqual([await count(body, api.admin), await count(body, low)], [2, 1]);
    }
    const { id } = await (await api.ask("/api/v1/lists", json({ name: "hidden", tlp: "red" }))).json();
    const put = async (listId: string) => {
      const asked = json({ action: "add-to-list", q: "", dryRun: true, listId });
      const text = await (await api.ask("/api/v1/search/actions", { ...asked, key: low })).text();
      return text.replaceAll(listId, "X").replace(/"instance":"\w+"/, "");
    };
    assert.equal(await put(id), await put(NO_ID));
  },
  listKnownHashes: async ({ api, low }) => {
    const hash = (tlp: string) => ({
      algorithm: "md5",
      value: "a".repeat(32),
      verdict: "bad",
      source: `${tlp}-list`,
      tlp,
    });
    await api.ask("/api/v1/hashes", { ...json({ hashes: [hash("red"), hash("green")] }), method: "PUT" });
    const list = async (key: string) => await (await api.ask("/api/v1/hashes", { key })).text();
    const [all, some] = [await list(api.admin), await list(low)];
    assert.deepEqual([all.includes("red-list"), some.includes("red-list")], [true, false]);
    assert(some.includes("green-list"));
    await api.ask(`/api/v1/hashes/${"a".repeat(32)}`, { method: "DELETE" });
  },
  ...importCases,
  putKnownHashes: administrators,
  removeKnownHash: administrators,
  listPartners: administrators,
  listPartnerEvents: administrators,
  testPartner: administrators,
  retryPartner: administrators,
  findOwnKey: neutral,
  listLegalHolds: administrators,
  putLegalHold: administrators,
  removeLegalHold: administrators,
  listKeys: administrators,
  createKey: administrators,
  revokeKey: administrators,
  listAudit: administrators,
};

Deno.test("no route tells a key of less clearance anything of what it may not see", async () => {
  await using api = await testApi({}, { exports: true });
  const low = await api.makeKey({
    scopes: ["submit", "read", "download", "annotate", "delete"],
    maxTlp: "green",
  });

  const secret = await api.analysed(
    "secret bytes",
    "secret.exe",
    { tlp: "red", tags: ["secret-tag"] },
    api.admin,
    inCommon,
  );
  const shared = await api.analysed("shared bytes", "shared.exe", { tlp: "green" }, api.admin, inCommon);
  const byHash = (r: { sha256: string }) => json({ hashes: [r.sha256] });
  const world = { api, low: low.text, secret, shared };
  const all: typeof cases = {
    ...cases,
    createSubmission: async (given) => {
      const ask = (report: { sha256: string }, key: string) =>
        api.ask("/api/v1/submissions", { ...byHash(report), key });
      const unseen = await ask(secret, given.low);
      const absent = await ask({ sha256: NO_HASH }, given.low);
      assert.deepEqual([unseen.status, absent.status], [404, 404]);
      const text = async (response: Response, sha256: string) =>
        anonymous(await response.text(), { ...secret, sha256 });
      assert.equal(await text(unseen, secret.sha256), await text(absent, NO_HASH));
      assert.equal((await ask(shared, given.low)).status, 202);
    },
  };
  const described = (await operations(api)).filter(({ path }) => path.startsWith("/api/v1"));
  assert.deepEqual(described.map(({ id }) => id).sort(), Object.keys(all).sort());
  // Last what makes more tasks.
  for (
    const { id } of described.toSorted((a, b) =>
      Number(a.id === "createSubmission") - Number(b.id === "createSubmission")
    )
  ) {
    await all[id]!(world);
  }
});

Deno.test("a key sees what it handed in itself above its clearance, everywhere", async () => {
  await using api = await testApi({}, { search: true });
  const low = await api.makeKey({ scopes: ["submit", "read", "download"], maxTlp: "green" });
  const other = await api.makeKey({ scopes: ["read"], maxTlp: "amber" });
  const own = await api.analysed("own bytes", "own.exe", { tlp: "red" }, low.text);
  const paths = [
    `submissions/${own.submissionId}`,
    `tasks/${own.id}`,
    `samples/${own.sha256}`,
    `samples/${own.sha256}/download`,
    `reports/${own.id}`,
  ];
  for (const path of paths) {
    const response = await api.ask(`/api/v1/${path}`, { key: low.text });
    assert.equal(response.status, 200, path);
    await response.body?.cancel();
    const refused = path.endsWith("download") ? 403 : 404;
    assert.equal((await api.ask(`/api/v1/${path}`, { key: other.text })).status, refused, path);
  }
  const found = await (await api.ask("/api/v1/search?q=own.exe", { key: low.text })).json();
  assert.deepEqual(found.items.map((item: { reportId: string }) => item.reportId), [own.id]);
});
