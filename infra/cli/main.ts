import { join } from "node:path";
import { verbs } from "./verbs.ts";

/** `deno task assay <verb>`: runs the verb in a process of its own and ends as that ends. */
const [name, ...args] = Deno.args;
const verb = verbs.find((verb) => verb.name === name);
if (verb === undefined) {
  const asked = name === undefined || name === "help" || name === "--help" || name === "-h";
  const lines = verbs.map((verb) => `  ${`${verb.name} ${verb.usage}`.padEnd(58)} ${verb.about}`);
  const text = ["Usage: deno task assay <verb> …", "", ...lines].join("\n");
  if (asked) console.log(text);
  else console.error(`Cannot run '${name}': there is no such verb\n\n${text}`);
  Deno.exit(asked ? 0 : 2);
}
const child = new Deno.Command(Deno.execPath(), {
  args: ["run", "--no-prompt", ...verb.permissions, join(import.meta.dirname ?? ".", verb.file), ...args],
}).spawn();
// Ctrl-C reaches the child by itself, since it shares our terminal; we wait for its end.
Deno.addSignalListener("SIGINT", () => {});
Deno.addSignalListener("SIGTERM", () => child.kill("SIGTERM"));
const status = await child.status;
Deno.exit(status.code);
