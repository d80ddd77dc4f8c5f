/** A line of `/proc/self/mountinfo`: where a file system is mounted and which one it is. */
export interface Mount {
  readonly point: string;
  readonly type: string;
}

/** Reads `/proc/self/mountinfo` (proc(5)): octal escapes decoded, later mounts hide earlier ones. */
export function parseMounts(mountinfo: string): Mount[] {
  const mounts: Mount[] = [];
  for (const line of mountinfo.split("\n")) {
    const [before, after] = line.split(" - ");
    const point = before?.split(" ")[4];
    const type = after?.split(" ")[0];
    if (point && type) mounts.push({ point: unescape(point), type });
  }
  return mounts;
}

/** The mount that a path lives on: the longest mount point above it, the last where several share it. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | null {
  let best: Mount | null = null;
  for (const mount of mounts) {
    const under = mount.point === "/" || path === mount.point || path.startsWith(`${mount.point}/`);
    if (under && mount.point.length >= (best?.point.length ?? 0)) best = mount;
  }
  return best;
}

/**
 * Makes sure that the folder really is on a GlusterFS volume mounted by FUSE. `statfs` says only `fuseblk`, and an
 * unmounted mount point is an ordinary writable folder, so the kernel's mount table is asked.
 * @throws {Error} that says what to do
 */
export async function requireGlusterfs(path: string): Promise<void> {
  const mount = mountOf(path, parseMounts(await Deno.readTextFile("/proc/self/mountinfo")));
  if (mount?.type === "fuse.glusterfs") return;
  throw new Error(
    `Cannot use '${path}' for samples: expected a GlusterFS volume mounted by FUSE, got ${
      mount?.type ?? "no mount"
    }` +
      `; mount it (mount -t glusterfs HOST:/VOLUME ${path}) or set samples.mount to "any"`,
  );
}

function unescape(point: string): string {
  return point.replace(/\\([0-7]{3})/g, (_, octal) => String.fromCharCode(parseInt(octal, 8)));
}
