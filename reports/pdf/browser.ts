import { openUsageMeter, type UsageMeter } from "@assay/infra";
import { getLogger } from "@logtape/logtape";
import puppeteer, { type Browser, type CDPSession } from "puppeteer-core";
import { join } from "node:path";

/** What Chromium is started with. */
export interface BrowserOptions {
  /** The program. */
  readonly chromium: string;
  /** Folder of the only fonts that it sees, so that the same page looks the same on every machine. */
  readonly fonts: string;
  /** False where Chromium's own sandbox can't be: it refuses to start with it as root. */
  readonly sandbox: boolean;
}

/** A running Chromium with a connection to all of it; ended when disposed of. */
export interface OpenBrowser extends AsyncDisposable {
  readonly browser: Browser;
  readonly control: CDPSession;
  /** Tells how much its processes take. */
  readonly meter: UsageMeter;
  /** Resolves once it has ended, however that came, and nothing of it is left. */
  readonly gone: Promise<void>;
}

const log = getLogger(["assay", "reports", "pdf"]);

/** No outside, no work of its own, and glyphs as fonts draw them. */
const FLAGS = [
  "--disable-gpu",
  "--disable-quic",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-extensions",
  "--disable-sync",
  "--no-first-run",
  "--no-pings",
  "--font-render-hinting=none",
  "--host-resolver-rules=MAP * ~NOTFOUND",
];

/**
 * Starts Chromium. We talk to it through pipes, so that it needs no port and ends when this process does, however that ends.
 * @throws {Error} with what Chromium said where it does not start
 */
export async function launchBrowser({ chromium, fonts, sandbox }: BrowserOptions): Promise<OpenBrowser> {
  const folder = await Deno.makeTempDir({ prefix: "assay-chromium-" });
  try {
    const settings = join(folder, "fonts.conf");
    await Deno.writeTextFile(settings, fontSettings(fonts, join(folder, "fontconfig")));
    const browser = await puppeteer.launch({
      executablePath: chromium,
      userDataDir: join(folder, "profile"),
      headless: "shell",
      pipe: true,
      args: sandbox ? FLAGS : [...FLAGS, "--no-sandbox"],
      env: { FONTCONFIG_FILE: settings, HOME: folder, TMPDIR: folder, TZ: "UTC", LANG: "C.UTF-8" },
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
    });
    const ended = new Promise<void>((resolve) => browser.once("disconnected", () => resolve()));
    const meter = openUsageMeter();
    const gone = ended.then(() => cleanUp(meter, folder));
    const control = await browser.target().createCDPSession();
    return {
      browser,
      control,
      meter,
      gone,
      async [Symbol.asyncDispose]() {
        await browser.close();
        await gone;
      },
    };
  } catch (error) {
    await Deno.remove(folder, { recursive: true });
    throw error;
  }
}

async function cleanUp(meter: UsageMeter, folder: string): Promise<void> {
  const [, removed] = await Promise.allSettled([meter[Symbol.asyncDispose](), removeFolder(folder)]);
  if (removed.status === "rejected") {
    log.warn("A folder of Chromium's stays: {cause}", { cause: removed.reason });
  }
}

/** Also while processes that Chromium left write there: they end by themselves, a moment after it. */
async function removeFolder(folder: string): Promise<void> {
  for (let attempt = 1;; attempt++) {
    try {
      return await Deno.remove(folder, { recursive: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      if (attempt === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Fontconfig's settings: these fonts, and nothing of the machine. */
function fontSettings(fonts: string, cache: string): string {
  const escape = (path: string) => path.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
<dir>${escape(fonts)}</dir>
<cachedir>${escape(cache)}</cachedir>
</fontconfig>
`;
}
