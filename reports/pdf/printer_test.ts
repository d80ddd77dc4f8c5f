import { ExportError } from "@assay/infra";
import assert from "node:assert/strict";
import { testPrinter } from "./testing.ts";

const page = (body: string) => `<!DOCTYPE html><html lang="en"><title>x</title><body>${body}</body></html>`;
const signal = () => new AbortController().signal;
const refused = (refusal: string) => (error: unknown) =>
  error instanceof ExportError && error.refusal === refusal;

/** Rows that take Chromium longer to set than any of these tests waits. */
const endless = page(`<table>${"<tr><td>x</td></tr>".repeat(400_000)}</table>`);

async function chromiumsOf(parent: number): Promise<number[]> {
  const pids: number[] = [];
  for await (const { name } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await Deno.readTextFile(`/proc/${name}/stat`).catch(() => "");
    if (
      stat.includes("(chromium)") && Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]) === parent
    ) {
      pids.push(Number(name));
    }
  }
  return pids;
}

Deno.test("createPrinter() prints several pages at once with one Chromium", async () => {
  await using printer = await testPrinter();
  const printed = await Promise.all(
    Array.from({ length: 5 }, (_, i) => printer.print(page(`Page ${i}`), signal())),
  );
  for (const bytes of printed) assert.equal(new TextDecoder().decode(bytes.subarray(0, 5)), "%PDF-");
});

Deno.test("createPrinter() runs no script and asks for nothing", async () => {
  await using server = countingServer();
  await using printer = await testPrinter();
  const wish = `http://127.0.0.1:${server.port}/`;
  await printer.print(
    page(
      `<script>document.body.innerHTML = "x".repeat(1e6); fetch("${wish}a")</script><img src="${wish}b"><iframe src="${wish}c"></iframe>` +
        `<link rel="stylesheet" href="${wish}d"><object data="${wish}e"></object><style>@import "${wish}f"; body { background: url(${wish}g) }</style>` +
        `<img src="file:///etc/hostname"><meta http-equiv="refresh" content="0; url=${wish}h">`,
    ),
    signal(),
  );
  assert.deepEqual(server.asked, []);
});

function countingServer() {
  const asked: string[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, (request) => {
    asked.push(request.url);
    return new Response("x");
  });
  return { asked, port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}

Deno.test("createPrinter() refuses a page that takes too long, and prints the next", async () => {
  await using printer = await testPrinter({ timeout: 2500, memory: 64 * 1024 ** 3 });
  await printer.print(page("warm"), signal());
  await assert.rejects(printer.print(endless, signal()), refused("timeout"));
  assert((await printer.print(page("next"), signal())).length > 0);
});

Deno.test("createPrinter() refuses a page that takes too much memory, and prints the one beside it", async () => {
  await using printer = await testPrinter({ memory: 300 * 1024 ** 2 });
  await printer.print(page("warm"), signal());
  const [big, small] = await Promise.allSettled([
    printer.print(endless, signal()),
    printer.print(page("small"), signal()),
  ]);
  assert(
    big.status === "rejected" && refused("too-large")(big.reason),
    String(big.status === "rejected" && big.reason),
  );
  assert.equal(small.status, "fulfilled");
});

Deno.test("createPrinter() refuses a page that is too long before it starts anything", async () => {
  await using printer = await testPrinter({ maxLength: 100, chromium: "/nowhere/chromium" });
  await assert.rejects(printer.print(page("x".repeat(100)), signal()), refused("too-large"));
});

Deno.test("createPrinter() ends with its asker's signal", async () => {
  await using printer = await testPrinter();
  await printer.print(page("warm"), signal());
  const asker = new AbortController();
  const printing = printer.print(endless, asker.signal);
  setTimeout(() => asker.abort(new Error("gone")), 300);
  await assert.rejects(printing, /gone/);
  await assert.rejects(printer.print(page("x"), AbortSignal.abort(new Error("never came"))), /never came/);
});

Deno.test("createPrinter() says what Chromium is missing", async () => {
  await using printer = await testPrinter({ chromium: "/nowhere/chromium" });
  await assert.rejects(printer.print(page("x"), signal()), refused("failed"));
});

if (Deno.build.os === "linux") {
  Deno.test("createPrinter() replaces a Chromium that died, also under a page, and leaves none when it is closed", async () => {
    const before = new Set(await chromiumsOf(Deno.pid));
    {
      await using printer = await testPrinter();
      await printer.print(page("first"), signal());
      const [pid] = (await chromiumsOf(Deno.pid)).filter((one) => !before.has(one));
      const printing = printer.print(page(`<p>${"words ".repeat(60_000)}</p>`), signal());
      Deno.kill(pid!, "SIGKILL");
      assert((await printing).length > 0);
      assert((await printer.print(page("next"), signal())).length > 0);
    }
    assert.deepEqual((await chromiumsOf(Deno.pid)).filter((one) => !before.has(one)), []);
  });
}
