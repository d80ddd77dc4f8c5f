import { z } from "zod";
import { parseDuration } from "./duration.ts";
import { parseSize } from "./size.ts";

/** A value written in words: read by `parse`, whose message is the issue's where it throws. */
function parsed(parse: (value: string | number) => number) {
  return z.union([z.string(), z.number()]).transform((value, context): number => {
    try {
      return parse(value);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
}

/** A duration: `"60s"` or milliseconds; milliseconds once read. */
export const duration = () => parsed(parseDuration);

/** A size: `"2GB"` or bytes; bytes once read. */
export const size = () => parsed(parseSize);

/** A whole number between two bounds, also as digits, as variables and flags give it. */
export const whole = (least: number, most: number) =>
  z.preprocess(
    (value) => typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : value,
    z.int().min(least).max(most),
  );

/** Yes or no, also as the words `true` and `false`. */
export const yesNo = () =>
  z.preprocess((value) => value === "true" ? true : value === "false" ? false : value, z.boolean());

/** A list of texts, also as one text with commas between. */
export const texts = () =>
  z.preprocess(
    (value) =>
      typeof value === "string" ? value.split(",").map((part) => part.trim()).filter(Boolean) : value,
    z.array(z.string().min(1).max(1000)).max(1000),
  );

/** A table of anything, also as JSON text. */
export const table = () => z.preprocess(parseJson, z.record(z.string(), z.unknown()));

function parseJson(value: unknown, context: z.RefinementCtx): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value);
  } catch {
    context.addIssue({
      code: "custom",
      message: `Cannot parse table: expected JSON, got '${value}'`,
      input: value,
    });
    return z.NEVER;
  }
}

/** A list of tables, also as JSON text. */
export const list = <T extends z.ZodType>(item: T) => z.preprocess(parseJson, z.array(item).max(1000));

/** A server's address with one of these protocols; null starts the embedded one. An empty text is null. */
export const serverUrl = (...protocols: string[]) =>
  z.preprocess(
    (value) => value === "" ? null : value,
    z.url().refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol),
      `Expected a URL that begins with ${protocols.map((protocol) => `'${protocol}//'`).join(" or ")}`,
    ).nullable(),
  ).default(null);

/** A text that may be absent. An empty text is null. */
export const optionalText = () =>
  z.preprocess((value) => value === "" ? null : value, z.string().max(10_000).nullable()).default(null);

/** A text of at most so many characters that may be absent, with spaces at its ends taken off. An empty text is null. */
export const optionalLine = (most: number) =>
  z.preprocess(
    (value) => typeof value === "string" ? value.trim() || null : value,
    z.string().max(most).nullable(),
  ).default(null);
