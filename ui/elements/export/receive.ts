/** Reads an answer to its end, telling how many bytes have come. */
export async function receive(response: Response, onReceived: (bytes: number) => void): Promise<Blob> {
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let received = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    received += chunk.length;
    onReceived(received);
  }
  return new Blob(chunks, { type: response.headers.get("content-type") ?? "application/octet-stream" });
}

/** The file name that an answer proposes, without anything that could be a path; `otherwise` where it proposes none. */
export function nameOf(response: Response, otherwise: string): string {
  const proposed = /filename="([^"\\]{1,200})"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  const name = proposed?.replace(/[^\w.@+-]/g, "_").replace(/^\.+/, "") ?? "";
  return name === "" ? otherwise : name;
}
