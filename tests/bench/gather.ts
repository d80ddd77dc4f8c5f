import { join } from "node:path";
import { realFiles } from "../platform/files.ts";

/** Files of the installed packages in a folder of their own. */
export async function gather(): Promise<string> {
  const made = await Deno.makeTempDir({ prefix: "assay-bench-" });
  for (const [i, { name, bytes }] of (await realFiles(400, { least: 1000, most: 5_000_000 })).entries()) {
    await Deno.writeFile(join(made, `${i}-${name}`), bytes);
  }
  return made;
}
