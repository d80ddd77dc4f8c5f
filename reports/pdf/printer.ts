import { ExportError, type UsageMeter } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import pLimit from "p-limit";
import type { Browser, BrowserContext, CDPSession, Page } from "puppeteer-core";
import { type BrowserOptions, launchBrowser, type OpenBrowser } from "./browser.ts";

/** How pages are printed. */
export interface PrinterOptions extends BrowserOptions {
  /** Pages that are printed at the same time. */
  readonly pages: number;
  /** Milliseconds that one may take. */
  readonly timeout: number;
  /** Bytes that the process of one page may take, where the system tells. */
  readonly memory: number;
  /** Characters of a page at most. */
  readonly maxLength: number;
}

/** Prints pages with one Chromium, which starts with the first of them and is replaced where it died. */
export interface Printer extends AsyncDisposable {
  /**
   * A page as PDF. It runs no script and asks for nothing. One that takes too long or too much fails alone.
   * @throws {ExportError} where it can't be printed; the signal's reason where that ended it
   */
  print(html: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>>;
}

/** Milliseconds between looks at what a page takes. */
const WATCH = 100;

const log = getLogger(["assay", "reports", "pdf"]);

/** A printer; nothing is started yet. */
export function createPrinter(options: PrinterOptions): Printer {
  const limit = pLimit(options.pages);
  const opening = pLimit(1);
  const going = new Set<Promise<void>>();
  let current: Promise<OpenBrowser> | null = null;
  let closed = false;

  /** The browser, started where there is none. */
  function open(): Promise<OpenBrowser> {
    if (closed) throw new ExportError("away", "Cannot print: the reports process stops", { retryAfter: 5 });
    if (current !== null) return current;
    const mine = launchBrowser(options);
    current = mine;
    const forget = () => {
      if (current === mine) current = null;
    };
    mine.then(({ browser, gone }) => {
      browser.once("disconnected", forget);
      going.add(gone);
      void gone.then(() => going.delete(gone));
    }, forget);
    return mine;
  }

  async function printOnce(
    html: string,
    signal: AbortSignal,
    { browser, control, meter }: OpenBrowser,
  ): Promise<Uint8Array<ArrayBuffer>> {
    // One at a time, so that the process that appears is this page's.
    const { context, page, pid } = await opening(() => openPage(browser, control));
    const ended = new AbortController();
    const failed = Promise.withResolvers<never>();
    const abort = () => failed.reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    page.on(
      "error",
      (cause) => failed.reject(new ExportError("failed", "Cannot print: the page broke", { cause })),
    );
    const watch = pid === null ? null : watchMemory(meter, pid, options.memory, ended.signal);
    watch?.catch(failed.reject);
    try {
      signal.throwIfAborted();
      return await Promise.race([failed.promise, printPage(page, html, options.timeout)]);
    } finally {
      signal.removeEventListener("abort", abort);
      ended.abort();
      // What hangs is ended with its process; a browser that does not even do that is of no use.
      await within(2000, context.close()).catch((error) => {
        if (!browser.connected) return;
        log.warn("Replacing Chromium, which closes no page: {error}", { error });
        browser.process()?.kill("SIGKILL");
      });
    }
  }

  return {
    print(html, signal) {
      if (html.length > options.maxLength) {
        const detail = `it has ${html.length} characters, and ${options.maxLength} can be printed`;
        return Promise.reject(new ExportError("too-large", `Cannot print the report: ${detail}`));
      }
      return limit(async () => {
        const timeout = AbortSignal.timeout(options.timeout);
        const both = AbortSignal.any([signal, timeout]);
        for (let attempt = 1;; attempt++) {
          let opened: OpenBrowser | null = null;
          try {
            opened = await open();
            return await printOnce(html, both, opened);
          } catch (cause) {
            signal.throwIfAborted();
            if (timeout.aborted) {
              throw new ExportError("timeout", "Cannot print the report: it took too long", { cause });
            }
            if (cause instanceof ExportError && cause.refusal === "too-large") throw cause;
            // Its browser died, of whatever: not of this page if the next one prints it.
            if (attempt === 1 && opened?.browser.connected === false && !closed) continue;
            throw cause instanceof ExportError
              ? cause
              : new ExportError("failed", "Cannot print the report", { cause });
          }
        }
      });
    },
    async [Symbol.asyncDispose]() {
      closed = true;
      const open = await current?.catch(() => null);
      await open?.[Symbol.asyncDispose]();
      await Promise.all(going);
    },
  };
}

interface OpenPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** Its process; null where the browser does not say. */
  readonly pid: number | null;
}

/** A page in a context of its own, which shares nothing with others, not even a process. */
async function openPage(browser: Browser, control: CDPSession): Promise<OpenPage> {
  const before = new Set(await renderersOf(control));
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const pid = (await renderersOf(control)).find((id) => !before.has(id)) ?? null;
  await page.setJavaScriptEnabled(false);
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    const settled = request.url().startsWith("data:") ? request.continue() : request.abort("blockedbyclient");
    settled.catch(() => {}); // the page is gone
  });
  return { context, page, pid };
}

async function renderersOf(control: CDPSession): Promise<number[]> {
  const { processInfo } = await control.send("SystemInfo.getProcessInfo");
  return processInfo.filter(({ type }) => type === "renderer").map(({ id }) => id);
}

async function printPage(page: Page, html: string, timeout: number): Promise<Uint8Array<ArrayBuffer>> {
  await page.setContent(html, { waitUntil: "load", timeout });
  return await page.pdf({
    tagged: true,
    outline: true,
    preferCSSPageSize: true,
    printBackground: true,
    timeout,
  }) as Uint8Array<ArrayBuffer>;
}

/** Ends with the signal, or the process. @throws {ExportError} once it takes more than it may */
async function watchMemory(meter: UsageMeter, pid: number, most: number, ended: AbortSignal): Promise<void> {
  while (!ended.aborted) {
    const { processes, memory } = await meter.read(pid);
    // It may have ended during the look, too: what waits for that would wait in vain.
    if (processes === 0 || ended.aborted) return;
    if (memory > most) throw new ExportError("too-large", "Cannot print the report: it took too much memory");
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, WATCH);
      ended.addEventListener("abort", () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}

async function within<T>(milliseconds: number, promise: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(`Not done after ${milliseconds} ms`)), milliseconds);
  try {
    return await Promise.race([promise, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
