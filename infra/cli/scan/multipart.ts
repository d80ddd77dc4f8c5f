import { basename } from "node:path";
import type { Upload } from "../client/upload.ts";
import type { FoundFile } from "./walk.ts";

/** A multipart body that reads its files while it is sent: memory stays flat. */
export async function multipartOf(options: unknown, files: readonly FoundFile[]): Promise<Upload> {
  const boundary = `assay-${crypto.randomUUID()}`;
  const encoder = new TextEncoder();
  const begin = (disposition: string, type: string) =>
    encoder.encode(
      `--${boundary}\r\nContent-Disposition: form-data; ${disposition}\r\nContent-Type: ${type}\r\n\r\n`,
    );
  const newLine = encoder.encode("\r\n");
  const head = [
    begin('name="options"', "application/json"),
    encoder.encode(JSON.stringify(options)),
    newLine,
  ];
  const tail = encoder.encode(`--${boundary}--\r\n`);
  const bodies = await Promise.all(files.map(async ({ path }) => ({
    path,
    head: begin(`name="file"; filename="${quote(basename(path))}"`, "application/octet-stream"),
    // Asked again: files grow and shrink while a folder is walked.
    size: (await Deno.stat(path)).size,
  })));

  async function* parts(): AsyncGenerator<Uint8Array> {
    yield* head;
    for (const { path, head, size } of bodies) {
      yield head;
      yield* readExactly(path, size);
      yield newLine;
    }
    yield tail;
  }
  const fixed = [...head, tail].reduce((sum, { length }) => sum + length, 0);
  return {
    headers: { "content-type": `multipart/form-data; boundary=${boundary}` },
    length: bodies.reduce((sum, { head, size }) => sum + head.length + size + newLine.length, fixed),
    parts,
  };
}

/** The first `size` bytes of a file, as they are now. @throws {Error} where it has fewer */
async function* readExactly(path: string, size: number): AsyncGenerator<Uint8Array> {
  using file = await Deno.open(path);
  for (let left = size; left > 0;) {
    const chunk = new Uint8Array(Math.min(left, 256 * 1024));
    const read = await file.read(chunk);
    if (read === null) throw new Error(`Cannot send '${path}': it became shorter while it was read`);
    left -= read;
    yield chunk.subarray(0, read);
  }
}

/** As browsers do (HTML, "multipart/form-data encoding algorithm"). */
function quote(name: string): string {
  return name.replace(/\n/g, "%0A").replace(/\r/g, "%0D").replace(/"/g, "%22");
}
