import { type ExportFormat, exportForms, type JobId, type Report } from "@assay/core";
import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader } from "@zip.js/zip.js";
import assert from "node:assert/strict";
import { hostileTexts } from "../fixtures/hostile.ts";
import { checkBundle } from "../stix/check/check.ts";
import type { StixBundle } from "../stix/object.ts";
import { testSettings } from "../stix/testing.ts";
import { type ExportWorld, exportWorld, smallReport } from "./testing.ts";

const some = (count: number, given: (at: number) => Partial<Report> = () => ({})) =>
  Array.from({ length: count }, (_, at) => smallReport(at, given(at)));

Deno.test("a zip has a member a report, named by its digest whatever the sample is called, and a manifest that tells its name", async () => {
  const names = [
    "../../etc/passwd",
    "/etc/cron.d/x",
    "C:\\Windows\\a.exe",
    "..",
    "a/../b",
    "manifest.json",
    "x".repeat(300),
  ]
    .concat(hostileTexts);
  const reports = some(names.length, (at) => ({ name: names[at]! }));
  await using world = await exportWorld(reports);
  await world.start();
  const owner = await world.key("amber");
  for (const [format, { extension }] of Object.entries(exportForms)) {
    const id = await world.ask(owner, { format: format as ExportFormat });
    const job = await world.over(id);
    assert.deepEqual([job.error, job.status, job.result?.["reports"]], [null, "complete", names.length]);
    const members = await unzip(world, id);
    assert.deepEqual(
      [...members.keys()],
      [...reports.map(({ sha256 }) => `${sha256}.${extension}`).sort(), "manifest.json"],
    );
    const manifest = JSON.parse(members.get("manifest.json")!);
    assert.equal(manifest.statement, "Contains what its recipient may see at TLP:GREEN");
    assert.deepEqual([manifest.reports, manifest.missing], [names.length, 0]);
    const told = new Map(
      manifest.items.map((item: { sha256: string; name: string }) => [item.sha256, item.name]),
    );
    assert.equal(told.get(reports[0]!.sha256), "../../etc/passwd");
    for (const { file, reportId, sha256 } of manifest.items) {
      assert.match(
        members.get(file)!,
        new RegExp(format === "json" || format === "text" ? reportId : sha256),
      );
    }
  }
});

Deno.test("reports are joined to one bundle, one NDJSON, one CSV with one header, or one text", async () => {
  const reports = some(150);
  await using world = await exportWorld(reports);
  await world.start();
  const owner = await world.key("amber");
  const textOf = async (format: ExportFormat) => {
    const id = await world.ask(owner, { format, container: "joined" });
    const { error, result } = await world.over(id);
    assert.deepEqual([error, result?.["reports"]], [null, 150]);
    return new TextDecoder().decode((await world.read(id))!);
  };
  const bundle = JSON.parse(await textOf("stix")) as StixBundle;
  checkBundle(bundle, (await testSettings()).schemas);
  const count = (type: string) => bundle.objects.filter((object) => object.type === type).length;
  assert.deepEqual([count("report"), count("domain-name"), count("identity")], [150, 151, 1]);
  const lines = (await textOf("json")).trimEnd().split("\n").map((line) => JSON.parse(line).report.sha256);
  assert.deepEqual(lines, reports.map(({ sha256 }) => sha256).sort());
  const rows = (await textOf("csv")).trimEnd().split("\r\n");
  assert.deepEqual(rows.slice(0, 2), [
    "# Contains what its recipient may see at TLP:GREEN",
    "type,value,seen,source,sample,verdict,score,tlp",
  ]);
  assert.equal(rows.length, 2 + 150 * 4);
  assert.equal(rows.filter((row) => row.startsWith("#") || row.startsWith("type,")).length, 2);
  const text = await textOf("text");
  const pages = text.split("\f");
  assert.equal(pages.length, 150);
  assert.ok(pages.every((page, at) => page.includes(reports.map(({ sha256 }) => sha256).sort()[at]!)));
});

Deno.test("reports are joined to one document of at most 200, with what is missing told", async () => {
  const reports = some(201, (at) => ({ name: `<b>${at}</b>.exe` }));
  await using world = await exportWorld(reports);
  await world.start();
  const owner = await world.key("amber");
  const asked = { format: "html", container: "joined" } as const;
  const digests = reports.slice(0, 120).map(({ sha256 }) => sha256);
  const { error, result, id } = await world.over(await world.ask(owner, { ...asked, sha256s: digests }));
  assert.deepEqual([error, result?.["reports"], result?.["tlp"], result?.["needs"]], [
    null,
    120,
    "green",
    "green",
  ]);
  const page = new TextDecoder().decode((await world.read(id))!);
  assert.ok(digests.every((sha256) => page.includes(sha256)));
  assert.equal(page.includes("<b>1</b>.exe"), false);
  const all = await world.over(await world.ask(owner, asked));
  assert.match(all.error!, /more than 200 reports/);
});

Deno.test("the same reports give the same bytes, as one zip and as one bundle", async () => {
  await using world = await exportWorld(some(130));
  await world.start();
  const owner = await world.key("amber");
  for (const container of ["zip", "joined"] as const) {
    const digests = new Set<unknown>();
    for (let time = 0; time < 2; time++) {
      const id = await world.ask(owner, { format: "stix", container });
      digests.add((await world.over(id)).result!["sha256"]);
    }
    assert.equal(digests.size, 1, container);
  }
});

Deno.test("a report that can't be made is told of and costs nothing but itself; none at all fails", async () => {
  const reports = some(5);
  const failing = [reports[1]!.id, reports[3]!.id];
  await using world = await exportWorld(reports, { failing });
  await world.start();
  const owner = await world.key("amber");
  const id = await world.ask(owner, { format: "csv" });
  const { status, result } = await world.over(id);
  assert.deepEqual([status, result!["reports"], result!["failed"]], ["complete", 3, 2]);
  const failures = result!["failures"] as { reportId: string; reason: string }[];
  assert.deepEqual(failures.map(({ reportId }) => reportId).sort(), [...failing].sort());
  const members = await unzip(world, id);
  assert.equal(members.size, 4);
  const { items } = JSON.parse(members.get("manifest.json")!);
  const missing = items.filter(({ file }: { file: string | null }) => file === null);
  assert.deepEqual(missing.map(({ reportId }: { reportId: string }) => reportId).sort(), [...failing].sort());
  assert.equal(missing[0].missing, "Cannot make the export");
  const none = await world.over(await world.ask(owner, { q: `sha256:${reports[1]!.sha256}` }));
  assert.deepEqual([none.status, none.error], [
    "failed",
    "Cannot export: none of 1 reports, the first: Cannot make the export",
  ]);
});

Deno.test("each key gets what it may see, from a search, digests, a submission and a list", async () => {
  const levels = ["green", "red", "amber", "green"] as const;
  const reports = some(4, (at) => ({ tlp: levels[at]!, name: `${levels[at]}.exe` }));
  await using world = await exportWorld(reports);
  await world.start();
  const [low, high] = [await world.key("green"), await world.key("red")];
  const sha256s = reports.map(({ sha256 }) => sha256);
  for (
    const given of [{ q: "" }, { q: "", scope: "reports" as const }, { sha256s: [...sha256s, ...sha256s] }]
  ) {
    for (const [owner, levelsSeen] of [[low, ["green", "green"]], [high, [...levels]]] as const) {
      const id = await world.ask(owner, { ...given, format: "json", container: "joined" });
      const { result } = await world.over(id);
      const text = new TextDecoder().decode((await world.read(id))!);
      const seen = text.trimEnd().split("\n").map((line) => JSON.parse(line).report.tlp);
      assert.deepEqual(seen.sort(), levelsSeen.toSorted());
      const strictest = owner === low ? "green" : "red";
      assert.deepEqual([result!["tlp"], result!["needs"]], [strictest, strictest]);
      assert.equal(text.includes("amber.exe"), owner === high);
    }
  }
  const submission = reports[1]!.submissionId;
  const both = await Promise.all([low, high].map(async (owner) => {
    const { result } = await world.over(await world.ask(owner, { submission }));
    return result!["reports"];
  }));
  assert.deepEqual(both, [0, 1]);
});

Deno.test("a list's samples leave, page by page, as far as the key may see them", async () => {
  const reports = some(105, (at) => ({ tlp: at === 7 ? "red" : "green" }));
  await using world = await exportWorld(reports);
  await world.start();
  const [low, high] = [await world.key("green"), await world.key("red")];
  const list = await world.listOf(reports, high);
  for (const [owner, count] of [[low, 104], [high, 105]] as const) {
    const { error, result } = await world.over(await world.ask(owner, { list, format: "csv" }));
    assert.deepEqual([error, result?.["reports"]], [null, count]);
  }
  await world.lists.remove(list, false, { reader: high.id, maxTlp: "red" });
  const gone = await world.over(await world.ask(low, { list }));
  assert.deepEqual([gone.status, gone.error], ["failed", `Cannot find list '${list}'`]);
});

Deno.test("what a key sees only because it is its own needs no clearance of it", async () => {
  await using world = await exportWorld([]);
  const owner = await world.key("green");
  await world.store([smallReport(0, { tlp: "red", owner: owner.id }), smallReport(1, { tlp: "clear" })]);
  await world.start();
  const { result } = await world.over(await world.ask(owner));
  assert.deepEqual([result!["reports"], result!["tlp"], result!["needs"]], [2, "red", "clear"]);
});

Deno.test("a file that would be too large, or of too many reports, fails with what to do, and nothing is kept", async () => {
  for (
    const [limit, said] of [[{ maxReports: 149 }, /more than 149 reports .* 'exports\.maxReports'/], [
      { maxBytes: 40_000 },
      /more than 40000 bytes.* 'exports\.maxSize'/,
    ]] as const
  ) {
    await using world = await exportWorld(some(150), limit);
    await world.start();
    const id = await world.ask(await world.key("amber"));
    const { status, error } = await world.over(id);
    assert.equal(status, "failed");
    assert.match(error!, said);
    assert.equal(await world.read(id), null);
  }
});

Deno.test("a cancelled export stops, and leaves no file", async () => {
  const hung = Promise.withResolvers<void>();
  await using world = await exportWorld(some(120), { hangAt: 110, lease: 1000, onHang: hung.resolve });
  await world.start();
  const id = await world.ask(await world.key("amber"));
  await hung.promise;
  assert.equal((await world.jobs.find(id))!.done, 100);
  await world.jobs.cancel(id);
  assert.equal((await world.over(id)).status, "cancelled");
  assert.equal(await world.read(id), null);
});

Deno.test("an export whose process is killed goes on from the reports made, and its bytes are the same", async () => {
  await using world = await exportWorld(some(330), { lease: 3000 });
  const owner = await world.key("amber");
  const asked = { format: "stix", container: "joined" } as const;
  const id = await world.ask(owner, asked);
  await using child = startChild({ ...world.place, hangAt: 250 });
  assert.equal(await child.line(), "hangs");
  child.process.kill("SIGKILL");
  await child.process.status;
  const stores = await world.start();
  const { status, result } = await world.over(id);
  assert.equal(status, "complete");
  assert.equal(stores.made(), 130, "two pages were made before");
  const again = await world.over(await world.ask(owner, asked));
  assert.equal(again.result!["sha256"], result!["sha256"]);
});

Deno.test("10,000 reports become one bundle and one zip in bounded memory", async () => {
  await using world = await exportWorld(Array.from({ length: 10_000 }, (_, at) => smallReport(at)).values());
  const owner = await world.key("amber");
  await using child = startChild(world.place);
  for (const [format, container] of [["stix", "joined"], ["csv", "zip"]] as const) {
    const id = await world.ask(owner, { format, container });
    assert.equal(await child.line(), "made");
    const { status, result } = await world.over(id);
    assert.deepEqual([status, result!["reports"]], ["complete", 10_000]);
  }
  const peak = /VmHWM:\s+(\d+) kB/.exec(await Deno.readTextFile(`/proc/${child.process.pid}/status`))![1];
  assert.ok(Number(peak) < 600 * 1024, `it took ${peak} kB`);
});

function startChild(place: ExportWorld["place"]) {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-prompt",
      new URL("./fixtures/run.ts", import.meta.url).href,
      JSON.stringify(place),
    ],
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = process.stdout.getReader();
  return {
    process,
    line: async () => new TextDecoder().decode((await reader.read()).value).trim(),
    async [Symbol.asyncDispose]() {
      try {
        process.kill("SIGKILL");
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // it has ended already
      }
      await process.status;
      await reader.cancel();
    },
  };
}

async function unzip(world: ExportWorld, id: JobId): Promise<Map<string, string>> {
  const reader = new ZipReader(new Uint8ArrayReader((await world.read(id))!), { useWebWorkers: false });
  const members = new Map<string, string>();
  for (const entry of await reader.getEntries()) {
    assert(!entry.directory);
    const bytes = await entry.getData(new Uint8ArrayWriter(), { checkSignature: true });
    members.set(entry.filename, new TextDecoder().decode(bytes));
  }
  await reader.close();
  return members;
}
