import { dirname } from "node:path";
import { runTool } from "../install/run.ts";

/** The user that runs PostgreSQL where we are root, which PostgreSQL refuses to be. */
export interface UnprivilegedUser {
  readonly uid: number;
  readonly gid: number;
}

/** Null where we aren't root; else the system's user `postgres`, made where it is missing. */
export async function unprivilegedUser(signal: AbortSignal): Promise<UnprivilegedUser | null> {
  if (Deno.uid() !== 0) return null;
  const found = await findUser("postgres");
  if (found !== null) return found;
  await runTool({
    program: "useradd",
    args: ["--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", "postgres"],
    signal,
    missing:
      "PostgreSQL does not run as root, and there is neither a user 'postgres' nor 'useradd' to make one; " +
      "add such a user, or start as an ordinary user",
  });
  const made = await findUser("postgres");
  if (made === null) throw new Error("Cannot find user 'postgres' in '/etc/passwd' after making it");
  return made;
}

async function findUser(name: string): Promise<UnprivilegedUser | null> {
  for (const line of (await Deno.readTextFile("/etc/passwd")).split("\n")) {
    const [user, , uid, gid] = line.split(":");
    if (user === name) return { uid: Number(uid), gid: Number(gid) };
  }
  return null;
}

/** True where every folder above `path` lets other users through. */
export async function isReachableByOthers(path: string): Promise<boolean> {
  for (let folder = dirname(path);; folder = dirname(folder)) {
    const { mode } = await Deno.stat(folder);
    if (mode !== null && (mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}
