import { demoFiles } from "./files.ts";

/** Where the demonstration goes. */
export interface DemoTarget {
  readonly url: string;
  readonly key: string;
  readonly signal: AbortSignal;
  readonly log: (line: string) => void;
}

/** Submits the demo files as one submission, as anybody would over HTTP. A refusal is told, and no more. */
export async function submitDemo(target: DemoTarget): Promise<void> {
  const files = await demoFiles();
  const form = new FormData();
  form.set("options", JSON.stringify({ tags: ["demo"], tlp: "clear", priority: "interactive" }));
  for (const file of files) form.append("file", new File([file.bytes], file.name));
  const response = await fetch(`${target.url}/api/v1/submissions`, {
    method: "POST",
    headers: { authorization: `Bearer ${target.key}` },
    body: form,
    signal: target.signal,
  });
  const text = await response.text();
  target.log(
    response.ok
      ? `Submitted ${files.length} harmless files; see them at ${target.url}`
      : `Cannot submit the demo files: the API answered ${response.status}: ${text.slice(0, 300)}`,
  );
}
