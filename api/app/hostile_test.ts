import { MAX_NAME_LENGTH } from "@assay/core";
import assert from "node:assert/strict";
import { type TestApi, testApi } from "./testing.ts";

const json = (body: string, method = "POST") => ({
  method,
  headers: { "content-type": "application/json" },
  body,
});

function form(...parts: readonly (readonly [string, string | File])[]): RequestInit {
  const body = new FormData();
  for (const [name, value] of parts) body.append(name, value);
  return { method: "POST", body };
}

async function refusal(api: TestApi, path: string, init: RequestInit = {}) {
  const response = await api.ask(path, init);
  assert.equal(response.headers.get("content-type"), "application/problem+json", path);
  const problem = await response.json();
  assert.equal(problem.status, response.status);
  assert.equal(problem.type, `/api/problems#${problem.code}`);
  assert.equal(problem.instance, response.headers.get("x-request-id"));
  for (const text of [problem.title, problem.detail, problem.remedy]) assert(text.length > 0);
  assert.equal(/\.ts:\d|node_modules|\\n/.test(JSON.stringify(problem)), false, "a stack leaks");
  return problem;
}

Deno.test("file names are kept as text, whatever they are, and never reach the file system", async () => {
  await using api = await testApi();
  const names = [
    "../../../etc/passwd",
    "/abs/olute",
    "..\\up.exe",
    "quo\"te's",
    "new\nline\r\n.exe",
    "\u202egpj.exe",
    "nul\0l",
    "%2e%2e%2f",
    "💥".repeat(3),
    ".",
    "con",
  ];
  const response = await api.ask(
    "/api/v1/submissions",
    form(...names.map((name) => ["file", new File([name], name)] as const)),
  );
  assert.equal(response.status, 202);
  const { id, tasks } = await response.json();
  const expected = names.map((name) => name.replace("\0", "\ufffd"));
  assert.deepEqual(tasks.map((task: { name: string }) => task.name), expected);
  const listed = await (await api.ask(`/api/v1/tasks?submissionId=${id}&size=100`)).json();
  assert.deepEqual(new Set(listed.items.map((task: { name: string }) => task.name)), new Set(expected));
  for (const file of await api.storedFiles()) assert.match(file, /^([0-9a-f]{2}\/){2}[0-9a-f]{64}$/);
});

Deno.test("a name of 5 kB is cut to the limit and marked", async () => {
  await using api = await testApi();
  const response = await api.ask("/api/v1/submissions", form(["file", new File(["x"], "n".repeat(5000))]));
  const { tasks } = await response.json();
  assert.equal(tasks[0].name, `${"n".repeat(MAX_NAME_LENGTH - 1)}…`);
});

Deno.test("an empty file is a sample; a multipart without a file, without bytes or cut short is none", async () => {
  await using api = await testApi();
  const empty = await (await api.ask("/api/v1/submissions", form(["file", new File([], "empty")]))).json();
  assert.deepEqual([empty.tasks[0].size, empty.tasks[0].sha256.slice(0, 8)], [0, "e3b0c442"]);
  const raw = (body: string) => ({
    method: "POST",
    headers: { "content-type": "multipart/form-data; boundary=X" },
    body,
  });
  assert.equal((await refusal(api, "/api/v1/submissions", raw("--X--\r\n"))).code, "no-files");
  assert.equal((await refusal(api, "/api/v1/submissions", raw(""))).code, "invalid-multipart");
  const head = '--X\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n';
  assert.equal((await refusal(api, "/api/v1/submissions", raw(`${head}abc`))).code, "invalid-multipart");
  assert.equal((await refusal(api, "/api/v1/submissions", raw("junk"))).code, "invalid-multipart");
  assert.equal((await api.storedFiles()).length, 1);
});

Deno.test("what is too large or too many is refused with the limit, and leaves nothing", async () => {
  await using api = await testApi({ maxSampleBytes: 1000, maxFiles: 2 });
  const big = new File([new Uint8Array(1001)], "big");
  const small = new File(["s"], "s");
  const large = await refusal(api, "/api/v1/submissions", form(["file", small], ["file", big]));
  assert.deepEqual([large.status, large.code, large.limit], [413, "sample-too-large", 1000]);
  const raw = {
    method: "POST",
    headers: { "content-type": "application/octet-stream" },
    body: new Uint8Array(1001),
  };
  assert.equal((await refusal(api, "/api/v1/submissions", raw)).code, "sample-too-large");
  const many = await refusal(
    api,
    "/api/v1/submissions",
    form(["file", small], ["file", small], ["file", small]),
  );
  assert.deepEqual([many.status, many.code, many.limit], [413, "too-many-files", 2]);
  const body = await refusal(api, "/api/v1/tasks/replay", json(`{"ids":["${"x".repeat(2 ** 20)}"]}`));
  assert.deepEqual([body.status, body.code], [413, "body-too-large"]);
  const hashes = await refusal(api, "/api/v1/submissions", json(`{"hashes":["${"x".repeat(2 ** 20)}"]}`));
  assert.deepEqual([hashes.status, hashes.code], [413, "body-too-large"]);
  assert.deepEqual(await api.storedFiles(), []);
});

Deno.test("wrong options are refused by field before anything is kept", async () => {
  await using api = await testApi();
  const submit = (options: string) => form(["file", new File(["x"], "x")], ["options", options]);
  const fields = async (options: unknown) => {
    const problem = await refusal(api, "/api/v1/submissions", submit(JSON.stringify(options)));
    assert.equal(problem.code, "invalid-options");
    return problem.errors.map((error: { field: string }) => error.field);
  };
  assert.equal((await refusal(api, "/api/v1/submissions", submit("{nope"))).code, "invalid-options");
  assert.deepEqual(await fields({ tlp: "purple" }), ["tlp"]);
  assert.deepEqual(await fields({ tags: ["ok", "<script>"] }), ["tags.1"]);
  assert.deepEqual(await fields({ metadata: { "a b": "c" } }), ["metadata.a b"]);
  assert.deepEqual(await fields({ color: 1 }), ["options"]);
  assert.deepEqual(await fields([]), ["options"]);
  assert.equal(
    (await refusal(api, "/api/v1/submissions", submit('{"preset":"quick"}'))).code,
    "unknown-preset",
  );
  assert.deepEqual(await api.storedFiles(), []);
});

Deno.test("a content type that is not understood is refused", async () => {
  await using api = await testApi();
  for (const type of ["text/plain", "application/x-www-form-urlencoded", ""]) {
    const init = { method: "POST", headers: { "content-type": type }, body: "x" };
    assert.equal((await refusal(api, "/api/v1/submissions", init)).code, "unsupported-type");
  }
});

Deno.test("malformed JSON, ids, cursors, sizes and queries are refused, each by its code", async () => {
  await using api = await testApi({}, { search: true });
  assert.equal((await refusal(api, "/api/v1/tasks/replay", json("{"))).code, "invalid-json");
  assert.equal((await refusal(api, "/api/v1/submissions", json("{"))).code, "invalid-json");
  assert.equal((await refusal(api, "/api/v1/submissions", json('{"hashes":[]}'))).code, "invalid-request");
  assert.equal((await refusal(api, "/api/v1/tasks/not-an-id")).code, "invalid-id");
  assert.equal((await refusal(api, "/api/v1/tasks/%00%ff")).code, "invalid-id");
  assert.equal((await refusal(api, "/api/v1/samples/ABCDEF")).code, "invalid-id");
  assert.equal((await refusal(api, `/api/v1/samples/${"A".repeat(64)}`)).code, "invalid-id");
  assert.equal((await refusal(api, "/api/v1/reports/..%2f..%2fetc")).code, "invalid-id");
  for (const list of ["tasks", "submissions", "keys", "audit", "jobs", "hashes", "search"]) {
    assert.equal((await refusal(api, `/api/v1/${list}?cursor=nonsense`)).code, "invalid-cursor", list);
    assert.equal((await refusal(api, `/api/v1/${list}?size=0`)).code, "invalid-request", list);
    assert.equal((await refusal(api, `/api/v1/${list}?size=1e9`)).code, "invalid-request", list);
  }
  const query = await refusal(api, "/api/v1/search?q=" + encodeURIComponent("size:>=banana"));
  assert.deepEqual([query.code, query.position], ["invalid-query", 5]);
  assert.equal((await refusal(api, "/api/v1/search?sort=-nope")).code, "invalid-sort");
  assert.equal((await refusal(api, `/api/v1/search?q=${"(".repeat(8000)}`)).code, "invalid-query");
});

Deno.test("unknown hashes, tasks, reports and routes are 404", async () => {
  await using api = await testApi({}, { search: true });
  const hash = "0".repeat(64);
  const id = "01ARZ3NDEKTSV4RRFFQ69G5FAV";
  for (
    const path of [
      `samples/${hash}`,
      `samples/${hash}/download`,
      `samples/${hash}/relations`,
      `samples/download.zip?sha256=${hash}`,
      `tasks/${id}`,
      `submissions/${id}`,
      `reports/${id}`,
      `jobs/${id}`,
      `events?taskId=${id}`,
    ]
  ) {
    assert.equal((await refusal(api, `/api/v1/${path}`)).code, "not-found", path);
  }
  const known = await refusal(api, "/api/v1/submissions", json(`{"hashes":["${hash}"]}`));
  assert.deepEqual([known.code, known.errors[0].field], ["not-found", "hashes.0"]);
  for (
    const path of [
      "/api/v2/tasks",
      "/api/v1/nothing",
      "/nothing",
      "/../etc/passwd",
      "/api/docs/../../deno.json",
    ]
  ) {
    assert.equal((await refusal(api, path)).code, "no-route", path);
  }
  assert.equal((await refusal(api, "/api/v1/tasks", { method: "PATCH" })).code, "no-route");
});
