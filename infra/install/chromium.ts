import { createReadStream, createWriteStream } from "node:fs";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { createBrotliDecompress } from "node:zlib";
import type { Part } from "./cache.ts";
import house from "../../deno.json" with { type: "json" };

const version = house.imports["@sparticuz/chromium"].split("@").at(-1)!;

/** Chromium without a window, as npm's `@sparticuz/chromium` carries it, compressed: `chromium`. For Linux on x86-64. */
export const chromiumPart: Part = {
  name: "chromium",
  version,
  async fetch(folder, { signal }) {
    if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
      throw new Error(
        `It is built for Linux on x86-64 only, and this is ${Deno.build.os} on ${Deno.build.arch}; ` +
          "install Chromium and name it in 'tools.chromium'",
      );
    }
    const packed = join(
      dirname(fileURLToPath(import.meta.resolve("@sparticuz/chromium"))),
      "..",
      "bin",
      "chromium.br",
    );
    await pipeline(
      createReadStream(packed, { highWaterMark: 1 << 20 }),
      createBrotliDecompress({ chunkSize: 1 << 20 }),
      createWriteStream(chromiumProgram(folder), { mode: 0o755 }),
      { signal },
    );
  },
};

/** The program in the folder of {@link chromiumPart}. */
export function chromiumProgram(folder: string): string {
  return join(folder, "chromium");
}
