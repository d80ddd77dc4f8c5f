import assert from "node:assert/strict";
import { join } from "node:path";
import { realFiles } from "../platform/files.ts";
import { startPlatform } from "../platform/platform.ts";
import { findBreaches, openPage, takePicture } from "./browser.ts";

const WAIT = { timeout: 60_000 };
const EICAR = "X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*";

Deno.test("the page takes a dropped file, shows its task moving and its report, and passes axe", async () => {
  await using platform = await startPlatform({ onTestStack: true });
  await using browser = await openPage();
  const { page, errors } = browser;
  const folder = await Deno.makeTempDir();
  const eicar = join(folder, "invoice\u202Efdp.exe");
  await Deno.writeTextFile(eicar, EICAR);
  const [script] = await realFiles(1, { least: 2000, most: 60_000 });
  await Deno.writeFile(join(folder, script!.name), script!.bytes);

  await page.goto(platform.url);
  const key = await page.waitForSelector(">>> input[name=key]", WAIT);
  assert.deepEqual(await findBreaches(page), []);
  await takePicture(page, "sign-in");

  await key!.type("assay_wrong");
  await page.keyboard.press("Enter");
  await page.waitForSelector(">>> [role=alert]", WAIT);
  const again = await page.waitForSelector(">>> input[name=key]", WAIT);
  await again!.evaluate((input) => void ((input as unknown as { value: string }).value = ""));
  await again!.type(platform.key);
  await page.keyboard.press("Enter");

  const input = await page.waitForSelector(">>> input[type=file]", WAIT);
  await (input as unknown as { uploadFile(...paths: string[]): Promise<void> }).uploadFile(
    eicar,
    join(folder, script!.name),
  );
  await page.waitForSelector(">>> assay-verdict[level=malicious]", WAIT);
  assert.deepEqual(await findBreaches(page), []);
  await takePicture(page, "analyses");

  const link = await page.waitForSelector(">>> tr:has(assay-verdict[level=malicious]) button.link", WAIT);
  assert.equal(await link!.evaluate((button) => button.textContent), "invoice\\u{202e}fdp.exe");
  await link!.click();
  await page.waitForSelector(">>> article", WAIT);
  const level = await page.$eval(">>> .level", (element) => element.textContent);
  assert.equal(level, "malicious");
  assert.match(page.url(), /\?report=[0-9A-Z]{26}$/);
  assert.deepEqual(await findBreaches(page), []);
  await takePicture(page, "report");

  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
  assert.deepEqual(await findBreaches(page), []);
  await takePicture(page, "report-dark");

  await page.reload();
  await page.waitForSelector(">>> article", WAIT);
  await page.goBack();
  await page.waitForSelector(">>> assay-task-list", WAIT);
  const unauthorized = /401/;
  assert.deepEqual(errors.filter((error) => !unauthorized.test(error)), []);
  await Deno.remove(folder, { recursive: true });
});
