import type { Report } from "@assay/core";
import assert from "node:assert/strict";
import { operations, type TestApi, testApi } from "./testing.ts";

/** A sample that only its owner may see, one that both may, and a key that is cleared less than the first. */
interface World {
  readonly api: TestApi;
  /** The key that may see `shared` alone. */
  readonly low: string;
  readonly secret: Report;
  readonly shared: Report;
}

/** Ids that nothing has: what isn't visible must answer as these do. */
const NO_ID = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
const NO_HASH = "f".repeat(64);

const json = (body: unknown) => ({
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify(body),
});

/** The owner gets it, the other gets the very words of what isn't there (ids and hashes apart). */
function hidden(
  path: (report: { id: string; submissionId: string; sha256: string }) => string,
  init: RequestInit = {},
  status = 200,
) {
  return async ({ api, low, secret, shared }: World) => {
    const nothing = { id: NO_ID, submissionId: NO_ID, sha256: NO_HASH };
    const ask = async (report: typeof nothing, key: string) => {
      const response = await api.ask(path(report), { ...init, key });
      const text = response.headers.get("content-type") === "text/event-stream"
        ? (await response.body!.cancel(), "")
        : await response.text();
      return { status: response.status, text: anonymous(text, report) };
    };
    const unseen = await ask(secret, low);
    assert.equal(unseen.status, 404);
    assert.deepEqual(unseen, await ask(nothing, low));
    assert.equal((await ask(shared, low)).status, status);
    assert.equal((await ask(secret, api.admin)).status, status);
  };
}

function anonymous(text: string, report: { id: string; submissionId: string; sha256: string }): string {
  let plain = text.replace(/"instance":"\w+"/, "");
  for (const id of [report.id, report.submissionId, report.sha256]) plain = plain.replaceAll(id, "X");
  return plain;
}

/** The owner's list holds both, the other's only what is shared; nothing of the rest is told, not even its number. */
function filtered(path: string, idOf: (report: Report) => string, init: RequestInit = {}) {
  return async ({ api, low, secret, shared }: World) => {
    const all = await (await api.ask(path, { ...init, key: api.admin })).text();
    assert(all.includes(idOf(secret)) && all.includes(idOf(shared)), `${path}: ${all.slice(0, 500)}`);
    const some = await (await api.ask(path, { ...init, key: low })).text();
    assert(some.includes(idOf(shared)) && !some.includes(idOf(secret)), `${path}: ${some.slice(0, 500)}`);
    for (const word of ["secret.exe", "secret-tag", secret.sha256, secret.submissionId]) {
      assert.equal(some.includes(word), false, `${path} tells '${word}'`);
    }
  };
}

/** Of what the owner adds to the shared sample, the other gets only what is for his level. */
async function annotations(
  { api, low, shared }: World,
  list: string,
  secret: object | null,
  open: object | null,
): Promise<void> {
  const path = `/api/v1/samples/${shared.sha256}/${list}`;
  for (const body of [secret, open]) if (body !== null) assert.ok((await api.ask(path, json(body))).ok);
  const [all, some] = await Promise.all(
    [api.admin, low].map(async (key) => await (await api.ask(path, { key })).text()),
  );
  assert.deepEqual([all!.includes("secret-note"), all!.includes("open-note")], [true, true], path);
  assert.deepEqual([some!.includes("secret-note"), some!.includes("open-note")], [false, true], path);
}

/** A hidden note on a shared sample, and an open note on a hidden sample, are as if they weren't there. */
function notes(end: string, init: RequestInit, isGood: (status: number) => boolean) {
  return async ({ api, low, secret, shared }: World) => {
    for (const [sha256, tlp] of [[secret.sha256, "green"], [shared.sha256, "red"]] as const) {
      const { id } = await (await api.ask(`/api/v1/samples/${sha256}/notes`, json({ text: "hidden", tlp })))
        .json();
      const ask = (note: string, key: string) =>
        api.ask(`/api/v1/samples/${sha256}/notes/${note}${end}`, { ...init, key });
      const unseen = await ask(id, low);
      const absent = await ask(NO_ID, low);
      assert.deepEqual([unseen.status, absent.status], [404, 404]);
      const plain = (text: string) => text.replaceAll(id, NO_ID).replace(/"instance":"\w+"/, "");
      assert.equal(plain(await unseen.text()), plain(await absent.text()));
      assert.ok(isGood((await ask(id, api.admin)).status));
    }
  };
}

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
const facets = { fields: "name,tag,tlp,submitter,fileType", q: "fileType:pe" };

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
  findSampleRelations: hidden((r) => `/api/v1/samples/${r.sha256}/relations`),
  downloadSample: hidden((r) => `/api/v1/samples/${r.sha256}/download`),
  downloadSamples: hidden((r) => `/api/v1/samples/download.zip?sha256=${r.sha256}`),
  listNotes: async (world) => {
    await hidden((r) => `/api/v1/samples/${r.sha256}/notes`)(world);
    await annotations(world, "notes", { text: "secret-note", tlp: "red" }, {
      text: "open-note",
      tlp: "green",
    });
  },
  addNote: hidden((r) => `/api/v1/samples/${r.sha256}/notes`, json({ text: "mine", tlp: "green" }), 201),
  editNote: notes(
    "",
    { ...json({ text: "new", tlp: "red", version: 1 }), method: "PUT" },
    (status) => status === 200,
  ),
  removeNote: notes("", { method: "DELETE" }, (status) => status === 204),
  listNoteVersions: notes("/versions", {}, (status) => status === 200),
  listSampleTags: async (world) => {
    await hidden((r) => `/api/v1/samples/${r.sha256}/tags`)(world);
    await annotations(world, "tags", { tags: ["secret-note"], tlp: "red" }, {
      tags: ["open-note"],
      tlp: "green",
    });
  },
  addSampleTags: hidden((r) => `/api/v1/samples/${r.sha256}/tags`, json({ tags: ["mine"], tlp: "green" })),
  removeSampleTag: async ({ api, low, secret, shared }) => {
    for (const [sha256, tlp] of [[secret.sha256, "green"], [shared.sha256, "red"]] as const) {
      await api.ask(`/api/v1/samples/${sha256}/tags`, json({ tags: ["hidden-tag"], tlp }));
      const ask = (tag: string) =>
        api.ask(`/api/v1/samples/${sha256}/tags/${tag}`, { method: "DELETE", key: low });
      assert.deepEqual([(await ask("hidden-tag")).status, (await ask("no-tag")).status], [404, 404]);
    }
  },
  listTagChanges: async (world) => {
    await hidden((r) => `/api/v1/samples/${r.sha256}/tags/history`)(world);
    await annotations(world, "tags/history", null, null);
  },
  listTags: async ({ api, low, secret, shared }) => {
    await api.ask(
      `/api/v1/samples/${secret.sha256}/tags`,
      json({ tags: ["count-a", "count-b"], tlp: "clear" }),
    );
    await api.ask(`/api/v1/samples/${shared.sha256}/tags`, json({ tags: ["count-b"], tlp: "clear" }));
    await api.ask(`/api/v1/samples/${shared.sha256}/tags`, json({ tags: ["count-c"], tlp: "red" }));
    const count = async (key: string) =>
      (await (await api.ask("/api/v1/tags?prefix=count-", { key })).json()).items;
    assert.deepEqual(await count(low), [{ tag: "count-b", samples: 1 }]);
    assert.deepEqual(await count(api.admin), [
      { tag: "count-a", samples: 1 },
      { tag: "count-b", samples: 2 },
      { tag: "count-c", samples: 1 },
    ]);
  },
  findReport: hidden((r) => `/api/v1/reports/${r.id}`),
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
  listSearchFields: neutral,
  listModules: neutral,
  listenEvents: async (world) => {
    await hidden((r) => `/api/v1/events?taskId=${r.id}`)(world);
    await hidden((r) => `/api/v1/events?submissionId=${r.submissionId}`)(world);
  },
  listJobs: administrators,
  findJob: administrators,
  cancelJob: administrators,
  listKnownHashes: neutral,
  putKnownHashes: administrators,
  removeKnownHash: administrators,
  findOwnKey: neutral,
  listKeys: administrators,
  createKey: administrators,
  revokeKey: administrators,
  listAudit: administrators,
};

Deno.test("no route tells a key of less clearance anything of what it may not see", async () => {
  await using api = await testApi({}, { search: true });
  const low = await api.makeKey({
    scopes: ["submit", "read", "download", "annotate", "delete"],
    maxTlp: "green",
  });
  const secret = await api.analysed("secret bytes", "secret.exe", { tlp: "red", tags: ["secret-tag"] });
  const shared = await api.analysed("shared bytes", "shared.exe", { tlp: "green" });
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
