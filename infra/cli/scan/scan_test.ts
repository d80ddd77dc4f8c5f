import assert from "node:assert/strict";
import { createClient } from "../client/client.ts";
import { Journal } from "./journal.ts";
import { scanFiles } from "./scan.ts";
import { formatProgress, formatRow, formatSize, type Row, showControls } from "./table.ts";
import { type FoundFile, walkFiles } from "./walk.ts";

const row: Row = {
  status: "complete",
  verdict: "malicious",
  score: 96,
  fileType: "pe",
  size: 1500,
  sha256: "ab".repeat(32),
  name: "a\u202Eexe\x1b[31m.txt",
  reason: null,
};

Deno.test("formatRow() shows controls of a hostile name and fits columns", () => {
  assert.equal(
    formatRow(row, false),
    "malicious     96  pe            1.5 kB  abababababababab  a\\u{202e}exe.txt",
  );
  assert.equal(showControls("\r\nx\u0000"), "\\u{d}\\u{a}x\\u{0}");
});

Deno.test("formatProgress() and formatSize() tell how far a scan is", () => {
  assert.match(
    formatProgress({ found: 4, submitted: 4, done: 2, failed: 1 }),
    /^\[#{15}-{15}\] 4\/4 submitted, 2 done, 1 failed$/,
  );
  assert.equal(formatSize(999_999_999), "1.0 GB");
});

Deno.test("walkFiles() walks folders in order, follows no link inside them and tells what it can't read", async () => {
  const root = await Deno.makeTempDir();
  await Deno.mkdir(`${root}/b`);
  await Deno.writeTextFile(`${root}/b/x`, "1");
  await Deno.writeTextFile(`${root}/a`, "22");
  await Deno.symlink(root, `${root}/loop`);
  const unreadable: string[] = [];
  const found = await Array.fromAsync(walkFiles([root, `${root}/none`], (path) => unreadable.push(path)));
  assert.deepEqual(found.map(({ path, size }) => [path.slice(root.length), size]), [["/a", 2], ["/b/x", 1]]);
  assert.deepEqual(unreadable, [`${root}/none`]);
  await Deno.remove(root, { recursive: true });
});

Deno.test("scanFiles() uploads whole files, follows them to their end, and resumes without uploading again", async () => {
  const root = await Deno.makeTempDir();
  await Deno.writeTextFile(`${root}/one`, "x".repeat(100_000));
  await Deno.writeTextFile(`${root}/two "quoted"`, "");
  const uploads = new Map<string, number>();
  const task = (id: string) => ({
    id,
    sha256: "cd".repeat(32),
    size: 1,
    submissionId: "S",
    status: "complete",
    reason: null,
    verdict: "unknown",
    score: 0,
    fileType: "text",
  });
  let refusals = 1;
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    const { pathname } = new URL(request.url);
    if (request.method === "POST") {
      const form = await request.formData();
      if (refusals-- > 0) return new Response("busy", { status: 503, headers: { "retry-after": "0" } });
      const files = form.getAll("file") as File[];
      for (const file of files) uploads.set(file.name, file.size);
      return Response.json({
        id: "S",
        tasks: files.map((file, i) => ({ ...task(`T${i}`), name: file.name })),
      }, { status: 202 });
    }
    if (pathname === "/api/v1/tasks") return Response.json({ items: [task("T0"), task("T1")], cursor: null });
    return Response.json(task(pathname.split("/").at(-1)!));
  });
  const client = createClient({ server: `http://127.0.0.1:${server.addr.port}`, key: "k" });
  const scan = async (resume: boolean) => {
    const rows: [string, string][] = [];
    const sums = await scanFiles(walkFiles([root], assert.fail) as AsyncIterable<FoundFile>, {
      client,
      journal: await Journal.open(`${root}.journal`, resume),
      options: {},
      wait: true,
      onRow: (row, file) => rows.push([row.status, file.path.slice(root.length + 1)]),
      onProgress: () => {},
      signal: AbortSignal.timeout(30_000),
    });
    return { rows: rows.sort(), sums };
  };
  const first = await scan(false);
  assert.deepEqual([...uploads].sort(), [["one", 100_000], ["two %22quoted%22", 0]]);
  assert.deepEqual(first.rows, [["complete", "one"], ["complete", 'two "quoted"']]);
  uploads.clear();
  assert.deepEqual((await scan(true)).sums, { found: 2, submitted: 2, done: 2, failed: 0 });
  assert.equal(uploads.size, 0);
  await server.shutdown();
  await Deno.remove(root, { recursive: true });
  await Deno.remove(`${root}.journal`);
});
