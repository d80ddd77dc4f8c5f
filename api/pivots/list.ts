import { z } from "@hono/zod-openapi";

/** A query parameter: some of these words with commas between; all of them by default. */
export function listOf<const T extends readonly string[]>(words: T, description: string, example: string) {
  return z.string().max(2000).default(words.join())
    .transform((text) => [...new Set(text.split(","))]).pipe(z.array(z.enum(words)).min(1))
    .openapi({ type: "string", description, example, default: undefined });
}
