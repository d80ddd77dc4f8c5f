import { join } from "node:path";
import type { InstallContext } from "../../install/cache.ts";
import { runTool } from "../../install/run.ts";

/** Bundles the page (by `ui/build.ts`, in a process of its own) where its sources are newer than the bundle. */
export async function buildPage(root: string, context: InstallContext): Promise<void> {
  const ui = join(root, "ui");
  const dist = join(ui, "dist");
  const [sources, rules, bundle] = await Promise.all([
    newest(ui, dist),
    newest(join(root, "core")),
    newest(dist),
  ]);
  if (Math.max(sources, rules) < bundle) return;
  context.log("Building the page …");
  await runTool({
    program: Deno.execPath(),
    args: ["run", "--no-prompt", "--allow-read", "--allow-env", "--allow-run", `--allow-write=${dist}`]
      .concat([join(ui, "build.ts")]),
    cwd: root,
    signal: context.signal,
    missing: `Deno is missing at '${Deno.execPath()}'`,
  });
}

/** When the newest file below a folder was changed, milliseconds; 0 where there is none. */
async function newest(folder: string, without?: string): Promise<number> {
  let latest = 0;
  try {
    for await (const entry of Deno.readDir(folder)) {
      const path = join(folder, entry.name);
      if (path === without || entry.isSymlink) continue;
      const time = entry.isDirectory ? await newest(path) : (await Deno.stat(path)).mtime?.getTime() ?? 0;
      latest = Math.max(latest, time);
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return latest;
}
