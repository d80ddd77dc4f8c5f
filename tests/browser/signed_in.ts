import type { Page } from "puppeteer-core";

const WAIT = { timeout: 60_000 };

/** Opens an address of the page and signs in. */
export async function signIn(page: Page, address: string, key: string): Promise<void> {
  await page.goto(address);
  const field = await page.waitForSelector(">>> input[name=key]", WAIT);
  await field!.type(key);
  await page.keyboard.press("Enter");
}

/** Puts an element into the page's scope, which gives it the API's address and the key, in place of what is there. */
export async function mount(
  page: Page,
  name: string,
  attributes: Readonly<Record<string, string>>,
): Promise<void> {
  await page.$eval(
    ">>> assay-scope",
    (scope, name, attributes) => {
      // deno-lint-ignore no-explicit-any -- the page's own types are not those of Deno
      const inPage = scope as any;
      const element = inPage.ownerDocument.createElement(name);
      for (const [attribute, value] of Object.entries(attributes)) element.setAttribute(attribute, value);
      inPage.querySelector("main").replaceChildren(element);
    },
    name,
    attributes,
  );
}
