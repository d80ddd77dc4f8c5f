import { type Containment, whyNoBubblewrap } from "./bubblewrap.ts";

/** What can be had on this machine. */
export interface FoundContainment {
  readonly containment: Containment;
  /** Why programs can't be sandboxed at all; null where they can. */
  readonly missing: string | null;
  /** Why the kernel doesn't limit how many processes a program starts; null where it does. */
  readonly unlimited: string | null;
}

/** Finds the best containment that works here, by trying. */
export async function findContainment(): Promise<FoundContainment> {
  const reason = Deno.uid() === 0 ? await whyNoUser() : whyNoCount(Deno.osRelease());
  const best: Containment = Deno.uid() === 0 ? "user" : "namespace";
  if (reason === null) return { containment: best, missing: null, unlimited: null };
  return { containment: "none", missing: await whyNoBubblewrap("none"), unlimited: reason };
}

/** A user that is nobody else reads only what everybody may: not what root makes under a strict umask. */
async function whyNoUser(): Promise<string | null> {
  const { stdout } = await new Deno.Command("/bin/sh", { args: ["-c", "umask"], stderr: "null" }).output();
  const umask = new TextDecoder().decode(stdout).trim();
  if (/[4-7]$/.test(umask)) {
    return `files made under the umask ${umask} can't be read by the user that tools would run as; use 022`;
  }
  return await whyNoBubblewrap("user");
}

/** Before Linux 5.14 the limit counted everything that the user runs on the machine. */
function whyNoCount(release: string): string | null {
  const [major = 0, minor = 0] = release.split(".").map((part) => Number.parseInt(part));
  return major > 5 || (major === 5 && minor >= 14)
    ? null
    : `Linux ${release} doesn't count processes by user namespace; 5.14 does`;
}
