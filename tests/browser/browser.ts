import puppeteer, { type Page } from "puppeteer-core";
import { testChromium } from "../../infra/install/testing.ts";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

// deno-lint-ignore no-explicit-any -- this name exists in the page only
declare const document: any;

/** A page in a real headless Chromium that reaches loopback and nothing else; closed at the end of `await using`. */
export async function openPage(): Promise<
  AsyncDisposable & { readonly page: Page; readonly errors: string[] }
> {
  const profile = await Deno.makeTempDir({ prefix: "assay-chromium-" });
  const browser = await puppeteer.launch({
    executablePath: await testChromium(),
    userDataDir: profile,
    headless: true,
    pipe: true,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
    defaultViewport: { width: 1280, height: 900 },
  });
  const page = await browser.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error") errors.push(message.text());
  });
  return {
    page,
    errors,
    async [Symbol.asyncDispose]() {
      await browser.close();
      await Deno.remove(profile, { recursive: true });
    },
  };
}

/** Breaches of WCAG 2.2 AA that axe-core finds on the page, one line each. */
export async function findBreaches(page: Page): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  return await page.evaluate(async () => {
    // deno-lint-ignore no-explicit-any
    const found = await (globalThis as any).axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    // deno-lint-ignore no-explicit-any
    return found.violations.map((v: any) => `${v.id}: ${v.nodes.map((n: any) => n.html).join(" | ")}`);
  });
}

/** Keeps a picture where `ASSAY_TEST_PICTURES` names a folder. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("ASSAY_TEST_PICTURES");
  if (!folder) return;
  await Deno.mkdir(folder, { recursive: true });
  await page.screenshot({ path: `${folder}/${name}.png` });
}
