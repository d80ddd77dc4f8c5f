import { type Client, Problem } from "../../controllers/client.ts";

/** The API's answer to a submission. */
export interface Accepted {
  readonly id: string;
  readonly tasks: readonly { readonly id: string; readonly sha256: string }[];
}

/** Uploads by XMLHttpRequest, since fetch tells no upload progress. @throws {Problem} with what to do */
export async function send(
  client: Client,
  files: readonly File[],
  options: Record<string, unknown>,
  { signal, onShare }: { signal: AbortSignal; onShare: (share: number) => void },
): Promise<Accepted> {
  const body = new FormData();
  body.append("options", new Blob([JSON.stringify(options)], { type: "application/json" }));
  for (const file of files) body.append("file", file, file.name);
  const token = await client.token("start");
  return await new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", client.address("/api/v1/submissions"));
    request.setRequestHeader("authorization", `Bearer ${token}`);
    request.upload.onprogress = (event) => onShare(event.lengthComputable ? event.loaded / event.total : 0);
    request.onload = () => {
      const answer = parse(request.responseText);
      if (request.status === 202 && answer) return resolve(answer as unknown as Accepted);
      const detail = answer?.detail ?? answer?.title ?? `The server answered ${request.status}`;
      reject(new Problem(request.status, String(answer?.code ?? "http"), String(detail)));
    };
    request.onerror = () => reject(new Error("Cannot reach the server: check the connection and try again"));
    request.onabort = () => reject(signal.reason);
    signal.addEventListener("abort", () => request.abort(), { once: true });
    request.send(body);
  });
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text);
  } catch {
    return null; // not JSON: the status is told instead
  }
}
