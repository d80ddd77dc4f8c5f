import assert from "node:assert/strict";
import type { Page } from "puppeteer-core";
import { formOf } from "../platform/files.ts";
import { type Platform, startPlatform, until } from "../platform/platform.ts";
import { findBreaches, openPage, takePicture } from "./browser.ts";
import { EICAR, makeProgram, makeZip } from "./samples.ts";
import { mount, signIn } from "./signed_in.ts";

const WAIT = { timeout: 30_000 };
/** A name that would be read the other way round, and a word that would be markup. */
const HOSTILE = "invoice\u202Efdp.exe";
const MARKUP = "<img src=x onerror=alert(1)>";

interface Submitted {
  readonly id: string;
  readonly sha256: string;
}

/** Submits a file and waits until its report is there. */
async function submit(
  platform: Platform,
  name: string,
  bytes: Uint8Array<ArrayBuffer>,
  options = {},
): Promise<Submitted> {
  const { tasks } = await platform.ask<{ tasks: Submitted[] }>("/api/v1/submissions", {
    method: "POST",
    body: formOf([{ name, bytes }], options),
  });
  const { id } = tasks[0]!;
  return await until(`the report of '${name}'`, 60_000, async () => {
    const task = await platform.ask<Submitted & { status: string }>(`/api/v1/tasks/${id}`);
    return task.status === "complete" ? task : null;
  });
}

/** Waits until an element's text fits. */
async function waitForText(page: Page, selector: string, pattern: RegExp): Promise<string> {
  const deadline = performance.now() + WAIT.timeout;
  for (;;) {
    const texts = await page.$$eval(selector, (found) => found.map((element) => element.textContent ?? ""));
    const text = texts.find((one) => pattern.test(one));
    if (text !== undefined) return text;
    if (performance.now() > deadline) {
      throw new Error(`No ${selector} says ${pattern}: ${JSON.stringify(texts)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function click(page: Page, selector: string): Promise<void> {
  const element = await page.waitForSelector(selector, WAIT);
  await element!.evaluate((button) => (button as unknown as { click(): void }).click());
}

async function fill(page: Page, selector: string, text: string): Promise<void> {
  const field = await page.waitForSelector(selector, WAIT);
  await field!.type(text);
}

Deno.test("the report is read, searched, annotated, related, compared and exported on the page, by keyboard too, and passes axe", async (t) => {
  await using platform = await startPlatform({ onTestStack: true });
  const program = makeProgram("alpha beta gamma delta");
  const delivery = await submit(
    platform,
    "delivery.zip",
    await makeZip([
      ["one.exe", program],
      ["two.exe", makeProgram("quite another word")],
      [HOSTILE, new TextEncoder().encode(EICAR)],
    ]),
    { metadata: { case: MARKUP } },
  );
  const again = await submit(platform, "one.exe", program, { rescan: "all" });
  await using browser = await openPage();
  const { page, errors } = browser;
  await signIn(page, `${platform.url}/?report=${delivery.id}`, platform.key);
  await page.waitForSelector(">>> article", WAIT);

  await t.step("hostile names are text, and the tree shows what is inside with its verdict", async () => {
    await waitForText(page, ">>> assay-tree >>> button.link", /^invoice\\u\{202e\}fdp\.exe$/);
    await page.waitForSelector(">>> assay-tree >>> assay-verdict[level=malicious]", WAIT);
    await waitForText(page, ">>> dd", /<img src=x onerror=alert\(1\)>/);
    assert.equal(await page.$(">>> img"), null);
    assert.deepEqual(await findBreaches(page), []);
    await takePicture(page, "report-archive");
  });

  await t.step(
    "the search marks and counts matches, steps through them, and finds a defanged address as it is",
    async () => {
      await page.goto(`${platform.url}/?report=${again.id}`);
      await page.waitForSelector(">>> article", WAIT);
      await fill(page, ">>> search input", "malware.evil-site");
      await waitForText(page, ">>> .steps [role=status]", /^[1-9]\d* matches$/);
      await page.keyboard.press("Enter");
      await waitForText(page, ">>> .steps [role=status]", /^1 of \d+$/);
      const current = await page.$eval(">>> mark.current", (mark) => mark.textContent);
      assert.match(current!, /malware/);
      assert.deepEqual(await findBreaches(page), []);
      await takePicture(page, "report-search");
      await page.keyboard.press("Escape"); // clears the field
      await page.waitForSelector(">>> mark", { ...WAIT, hidden: true });
    },
  );

  await t.step("a value's menu opens by keyboard and tells where else it is", async () => {
    const pivot = await page.waitForSelector(">>> assay-pivot[field='pe.imphash']", WAIT);
    const button = await pivot!.waitForSelector(">>> button.open", WAIT);
    await button!.focus();
    await page.keyboard.press("ArrowDown");
    await page.waitForSelector(">>> [role=menuitem]:focus", WAIT);
    assert.deepEqual(await findBreaches(page), []);
    for (let i = 0; i < 3; i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await waitForText(page, ">>> assay-observable >>> [role=status]", /^2 of 2 samples$/);
    assert.deepEqual(await findBreaches(page), []);
    await takePicture(page, "report-where");
    await page.keyboard.press("Escape");
    await page.waitForSelector(">>> dialog", { ...WAIT, hidden: true });
  });

  await t.step("notes are written, changed with their history, deleted and brought back", async () => {
    await fill(page, ">>> assay-notes >>> textarea", `Same builder as case 7 ${MARKUP}`);
    await click(page, ">>> assay-notes >>> button.primary");
    await waitForText(page, ">>> assay-notes >>> .text", /^Same builder as case 7 <img/);
    await click(page, ">>> assay-notes >>> [data-verb=edit]");
    await fill(page, ">>> assay-notes >>> li textarea", " seen twice");
    await click(page, ">>> assay-notes >>> li button.primary");
    await waitForText(page, ">>> assay-notes >>> .text", /seen twice/);
    await click(page, ">>> assay-notes >>> [data-verb=versions]");
    await waitForText(page, ">>> assay-notes >>> .versions .text", /<img src=x onerror=alert\(1\)>$/);
    await click(page, ">>> assay-notes >>> [data-verb=delete]");
    await page.waitForSelector(">>> assay-notes >>> .undo", WAIT);
    await waitForText(page, ">>> assay-notes >>> .empty", /No notes yet/);
    await click(page, ">>> assay-notes >>> .undo button");
    await waitForText(page, ">>> assay-notes >>> .text", /seen twice/);
    const { items } = await platform.ask<{ items: { text: string; tlp: string }[] }>(
      `/api/v1/samples/${again.sha256}/notes`,
    );
    assert.deepEqual(items.map(({ tlp }) => tlp), ["amber"]);
  });

  await t.step("tags are given with suggestions and taken off, and their history says by whom", async () => {
    await platform.ask(`/api/v1/samples/${delivery.sha256}/tags`, {
      method: "POST",
      body: JSON.stringify({ tags: ["loader"] }),
      headers: { "content-type": "application/json" },
    });
    await fill(page, ">>> assay-tags >>> input", "load");
    await page.waitForSelector(">>> assay-tags >>> option[value=loader]", WAIT);
    await fill(page, ">>> assay-tags >>> input", "er, apt-test");
    await page.keyboard.press("Enter");
    await waitForText(page, ">>> assay-tags >>> li", /apt-test/);
    await click(page, ">>> assay-tags >>> [data-tag=loader]");
    await page.waitForSelector(">>> assay-tags >>> [data-tag=loader]", { ...WAIT, hidden: true });
    await click(page, ">>> assay-tags >>> summary");
    await waitForText(page, ">>> assay-tags >>> tbody", /removed[^]*loader/);
    assert.deepEqual(await findBreaches(page), []);
  });

  await t.step("the sample is put on a new list, once", async () => {
    await fill(page, ">>> assay-add-to-list >>> input[name=name]", "Case 7");
    await page.keyboard.press("Enter");
    await waitForText(page, ">>> assay-add-to-list >>> [role=status]", /Added to “Case 7”/);
    await click(page, ">>> assay-add-to-list >>> form button");
    await waitForText(page, ">>> assay-add-to-list >>> [role=status]", /on “Case 7” already/);
  });

  await t.step("similar files tell their evidence", async () => {
    await click(page, ">>> nav [data-goal=similar]");
    const row = await waitForText(page, ">>> assay-similar >>> tbody tr", /two\.exe/);
    assert.match(row, /same imports/);
    assert.match(row, /same section/);
  });

  await t.step("relations are a drawing for the keyboard, and a table with the same in it", async () => {
    await click(page, ">>> nav [data-goal=relations]");
    const node = await page.waitForSelector(">>> assay-relations >>> .node[tabindex='0']", WAIT);
    await node!.evaluate((drawn) => (drawn as unknown as { focus(): void }).focus());
    await page.keyboard.press("ArrowRight");
    const label = await page.$eval(
      ">>> assay-relations >>> .node:focus",
      (focused) => focused.getAttribute("aria-label"),
    );
    assert.match(label!, /^(URLs|Domains): /);
    assert.deepEqual(await findBreaches(page), []);
    await takePicture(page, "report-relations");
    const drawn = (await page.$$(">>> assay-relations >>> .node")).length;
    await click(page, ">>> assay-relations >>> input[value=table]");
    await page.waitForSelector(">>> assay-relations >>> tbody tr", WAIT);
    assert.equal((await page.$$(">>> assay-relations >>> tbody tr")).length, drawn);
    await waitForText(
      page,
      ">>> assay-relations >>> tbody tr",
      /Extracted from[^]*delivery\.zip/,
    );
    await page.waitForSelector(">>> assay-relations >>> tbody assay-verdict[level=malicious]", WAIT);
    assert.deepEqual(await findBreaches(page), []);
  });

  await t.step("shared values are counted", async () => {
    await click(page, ">>> nav [data-goal=observables]");
    await waitForText(page, ">>> assay-observables >>> tbody tr", /pe\.imphash[^]*1/);
  });

  await t.step("exports are shown as text and saved", async () => {
    await click(page, ">>> nav [data-goal=export]");
    await click(page, ">>> assay-export >>> input[value=text]");
    await click(page, ">>> assay-export >>> [data-verb=preview]");
    await waitForText(page, ">>> assay-export >>> pre", /hxxp\[:\]\/\/malware\[\.\]evil-site\[\.\]com/);
    assert.deepEqual(await findBreaches(page), []);
    await takePicture(page, "report-export");
    await click(page, ">>> assay-export >>> input[value=html]");
    await click(page, ">>> assay-export >>> [data-verb=preview]");
    const frame = await page.waitForSelector(">>> assay-export >>> iframe", WAIT);
    assert.equal(await frame!.evaluate((shown) => shown.getAttribute("sandbox")), "");
    const shown = await frame!.contentFrame();
    await shown!.waitForSelector("h1", WAIT);
    await frame!.evaluate((shown) => void shown.scrollIntoView());
    await takePicture(page, "report-preview");
    for (const format of ["json", "stix", "html", "pdf", "csv"]) {
      await click(page, `>>> assay-export >>> input[value=${format}]`);
      await click(page, ">>> assay-export >>> [data-verb=download]");
      await waitForText(page, ">>> assay-export >>> [role=status]", /^Saved \S+ \(\d[^)]*B\)\.$/);
    }
  });

  await t.step("dark and narrow pass axe too", async () => {
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
    assert.deepEqual(await findBreaches(page), []);
    await takePicture(page, "report-dark");
    await page.setViewport({ width: 400, height: 900 });
    assert.deepEqual(await findBreaches(page), []);
    await takePicture(page, "report-narrow");
    const wider = await page.evaluate(() => {
      // deno-lint-ignore no-explicit-any -- these names exist in the page only
      const { scrollWidth, clientWidth } = (globalThis as any).document.documentElement;
      return scrollWidth - clientWidth;
    });
    assert.equal(wider, 0);
    await page.setViewport({ width: 1280, height: 900 });
    await page.emulateMediaFeatures([]);
  });

  await t.step("two reports are compared: differences first, all on request", async () => {
    await click(page, ">>> assay-history >>> button[aria-label^='Compare']");
    await waitForText(
      page,
      ">>> assay-compare >>> [role=status]",
      /^(Nothing differs|Two reports of one file)$/,
    );
    assert.match(page.url(), new RegExp(`compare=[0-9A-Z]{26}%2C${again.id}$`));
    const { items } = await platform.ask<{ items: { reportId: string }[] }>("/api/v1/search?q=name:two.exe");
    await page.goto(`${platform.url}/?compare=${again.id},${items[0]!.reportId}`);
    await waitForText(page, ">>> assay-compare >>> tr.differs", /sha256/);
    const differences = (await page.$$(">>> assay-compare >>> tbody tr")).length;
    assert.equal((await page.$$(">>> assay-compare >>> tr.differs")).length, differences);
    assert.deepEqual(await findBreaches(page), []);
    await takePicture(page, "compare");
    await click(page, ">>> assay-compare >>> input");
    await waitForText(page, ">>> assay-compare >>> tr:not(.differs)", /pe\.imphash/);
  });

  await t.step("what isn't there says so", async () => {
    await page.goto(platform.url);
    await page.waitForSelector(">>> assay-task-list", WAIT);
    await mount(page, "assay-report", { "report-id": "01JZZZZZZZZZZZZZZZZZZZZZZZ" });
    await waitForText(page, ">>> assay-report >>> [role=alert]", /There is no such report/);
    await mount(page, "assay-observable", { field: "size", value: "no number" });
    await waitForText(page, ">>> assay-observable >>> .empty", /No query can ask for this value/);
  });

  assert.deepEqual(errors.filter((error) => !/404/.test(error)), []);
});
