import assert from "node:assert/strict";
import { mountOf, parseMounts } from "./mount.ts";

const mountinfo = `22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
40 22 0:35 / /mnt/samples rw,relatime shared:9 - fuse.glusterfs host:/vol rw,user_id=0
41 22 0:36 / /mnt/with\\040space rw - tmpfs tmpfs rw
42 22 0:37 / /mnt/samples rw - tmpfs tmpfs rw
garbage`;

Deno.test("parseMounts() decodes escapes and passes over lines that are none", () => {
  assert.deepEqual(parseMounts(mountinfo).map((m) => m.point), [
    "/",
    "/mnt/samples",
    "/mnt/with space",
    "/mnt/samples",
  ]);
});

Deno.test("mountOf() takes the longest mount point and the mount that hides another", () => {
  const mounts = parseMounts(mountinfo);
  assert.equal(mountOf("/mnt/samples/aa", mounts)?.type, "tmpfs");
  assert.equal(mountOf("/mnt/samples/aa", mounts.slice(0, 3))?.type, "fuse.glusterfs");
  assert.equal(mountOf("/mnt/samples-else", mounts)?.type, "ext4");
  assert.equal(mountOf("/mnt", [])?.type, undefined);
});
