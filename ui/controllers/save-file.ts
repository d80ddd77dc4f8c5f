import type { Client } from "./client.ts";

/** Milliseconds until the browser surely has the file. */
const KEEP = 60_000;

/** Hands a file to the browser to keep under that name. */
export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), KEEP);
}

/** Fetches a file with the key and hands it to the browser to keep. @throws {Problem} with what to do */
export async function saveFile(client: Client, path: string, name: string): Promise<void> {
  saveBlob(await (await client.request(path)).blob(), name);
}
