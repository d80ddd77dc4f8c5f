import { processIdentity } from "../../supervisor/identity.ts";

/**
 * Resolves `true` once the program that started us is gone, `false` when `signal` aborts first. `npx` passes no
 * SIGTERM on to what it runs, so a stopped `npx … task up` would leave everything running; a shell that goes away
 * after `… &` is no launcher and stops nothing. Known on Linux only; elsewhere it waits for `signal`.
 */
export async function launchersGone(signal: AbortSignal): Promise<boolean> {
  const launchers = Deno.build.os === "linux" ? await findLaunchers() : [];
  return await new Promise((resolve) => {
    const look = async () => {
      for (const { pid, identity } of launchers) {
        if (await processIdentity(pid) !== identity) return end(true);
      }
    };
    const timer = setInterval(look, 500);
    const end = (gone: boolean) => {
      clearInterval(timer);
      resolve(gone);
    };
    if (signal.aborted) end(false);
    signal.addEventListener("abort", () => end(false), { once: true });
  });
}

/** `deno task` and, above it, npm's process; each may have a shell between. */
async function findLaunchers(): Promise<{ pid: number; identity: string }[]> {
  const launchers: { pid: number; identity: string }[] = [];
  for (let pid = Deno.ppid, level = 0; pid > 1 && level < 6; level++) {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`);
    const name = stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")"));
    const identity = await processIdentity(pid);
    if (identity === null) break;
    if (/^(deno|npm|node)/.test(name)) launchers.push({ pid, identity });
    else if (!/^(sh|dash)$/.test(name)) break;
    pid = Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
  }
  return launchers;
}
