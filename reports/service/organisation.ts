import type { Config } from "@assay/infra";
import type { Organisation } from "../model/model.ts";

/** Bytes of a logo. */
const MOST_LOGO = 256 * 1024;

const BEGINNINGS: readonly (readonly [type: string, pattern: RegExp])[] = [
  ["image/png", /^\x89PNG\r\n/],
  ["image/jpeg", /^\xff\xd8\xff/],
  [
    "image/svg+xml",
    /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*(?:<!DOCTYPE[^>]*>\s*)?<svg[\s>]/,
  ],
];

/** The organisation as the configuration has it, its logo read. @throws {Error} where the logo can't be used */
export async function readOrganisation(
  { organisation, contact, logo, notification, tlpStatement }: Config["reports"],
): Promise<Organisation> {
  return {
    name: organisation,
    contact,
    logo: logo === null ? null : await readLogo(logo),
    notification,
    tlpStatement,
  };
}

async function readLogo(path: string): Promise<string> {
  const { isFile, size } = await Deno.stat(path).catch((cause) => {
    throw new Error(`Cannot read the logo '${path}': ${cause.message}`, { cause });
  });
  if (!isFile || size > MOST_LOGO) {
    throw new Error(
      `Cannot use the logo '${path}': expected a file of at most ${MOST_LOGO} bytes, got ${size}`,
    );
  }
  const bytes = await Deno.readFile(path);
  const beginning = String.fromCharCode(...bytes.subarray(0, 1024));
  const type = BEGINNINGS.find(([, pattern]) => pattern.test(beginning))?.[0];
  if (type === undefined) throw new Error(`Cannot use the logo '${path}': expected PNG, JPEG or SVG`);
  return `data:${type};base64,${bytes.toBase64()}`;
}
