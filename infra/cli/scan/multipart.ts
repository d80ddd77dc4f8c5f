import { basename } from "node:path";
import type { FoundFile } from "./walk.ts";

/** A multipart body that reads its files while it is sent: memory stays flat whatever their size. */
export function multipartOf(
  options: unknown,
  files: readonly FoundFile[],
): { headers: HeadersInit; body: BodyInit } {
  const boundary = `assay-${crypto.randomUUID()}`;
  const encoder = new TextEncoder();
  async function* parts(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    yield encoder.encode(
      `--${boundary}\r\nContent-Disposition: form-data; name="options"\r\nContent-Type: application/json\r\n\r\n` +
        `${JSON.stringify(options)}\r\n`,
    );
    for (const file of files) {
      yield encoder.encode(
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="${
          quote(basename(file.path))
        }"\r\n` +
          "Content-Type: application/octet-stream\r\n\r\n",
      );
      const opened = await Deno.open(file.path);
      yield* opened.readable;
      yield encoder.encode("\r\n");
    }
    yield encoder.encode(`--${boundary}--\r\n`);
  }
  return {
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    body: ReadableStream.from(parts()),
  };
}

/** As browsers do (HTML, "multipart/form-data encoding algorithm"). */
function quote(name: string): string {
  return name.replace(/\n/g, "%0A").replace(/\r/g, "%0D").replace(/"/g, "%22");
}
