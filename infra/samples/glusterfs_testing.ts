import { join } from "node:path";

/** A real three-way replicated GlusterFS volume on loopback, mounted by FUSE at `mount`. For tests; needs root. */
export interface TestVolume extends AsyncDisposable {
  readonly mount: string;
  /** Kills one brick at once (SIGKILL). */
  killBrick(index: 0 | 1 | 2): Promise<void>;
  startBrick(index: 0 | 1 | 2): Promise<void>;
  /** Kills the FUSE client: the mount stays listed and every call on it fails. */
  killClient(): Promise<void>;
  /** Takes the mount away, so that the mount point is an ordinary folder. */
  unmount(): Promise<void>;
  remount(): Promise<void>;
}

/** Why no volume can be had here; null where it can. */
export async function whyNoGlusterfs(): Promise<string | null> {
  if (Deno.uid() !== 0) return "mounting needs root";
  const fuse = await Deno.stat("/dev/fuse").catch(() => null);
  return fuse === null ? "there is no /dev/fuse" : null;
}

/** Starts the volume; installs GlusterFS by Debian's package manager where it is missing. */
export async function startGlusterfs(): Promise<TestVolume> {
  await install();
  const folder = await Deno.makeTempDir({ prefix: "assay-glusterfs-" });
  const mount = join(folder, "mnt");
  await Deno.mkdir(mount);
  const ports = freePorts(3);
  for (const [index, port] of ports.entries()) {
    await Deno.mkdir(join(folder, `brick${index}`));
    await Deno.writeTextFile(join(folder, `brick${index}.vol`), brick(join(folder, `brick${index}`), port));
  }
  await Deno.writeTextFile(join(folder, "client.vol"), client(ports));
  const daemon = (program: string, name: string, ...more: string[]) =>
    run(
      program,
      "-f",
      join(folder, `${name}.vol`),
      "-p",
      join(folder, `${name}.pid`),
      "-l",
      join(folder, `${name}.log`),
      ...more,
    );
  const kill = async (name: string) => {
    const pid = Number(await Deno.readTextFile(join(folder, `${name}.pid`)));
    Deno.kill(pid, "SIGKILL");
    while (await Deno.stat(`/proc/${pid}/cmdline`).then(isRunning(pid), () => false));
  };
  const unmount = async () => {
    if ((await Deno.readTextFile("/proc/self/mountinfo")).includes(` ${mount} `)) {
      await run("umount", "-l", mount);
    }
  };
  const remount = () => daemon("glusterfs", "client", mount);
  for (const index of [0, 1, 2]) await daemon("glusterfsd", `brick${index}`);
  await remount();
  return {
    mount,
    unmount,
    remount,
    killBrick: (index) => kill(`brick${index}`),
    startBrick: (index) => daemon("glusterfsd", `brick${index}`),
    killClient: () => kill("client"),
    async [Symbol.asyncDispose]() {
      await unmount();
      for (const name of ["client", "brick0", "brick1", "brick2"]) await kill(name).catch(tolerateEnded);
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A killed process is gone, or a zombie that nobody has waited for. */
function isRunning(pid: number): () => Promise<boolean> {
  return async () =>
    !/^State:\s+[ZX]/m.test(await Deno.readTextFile(`/proc/${pid}/status`).catch(() => "State: X"));
}

function tolerateEnded(cause: unknown): void {
  if (!(cause instanceof Deno.errors.NotFound)) throw cause;
}

function freePorts(count: number): number[] {
  const listeners = Array.from({ length: count }, () => Deno.listen({ hostname: "127.0.0.1", port: 0 }));
  const ports = listeners.map((listener) => (listener.addr as Deno.NetAddr).port);
  for (const listener of listeners) listener.close();
  return ports;
}

async function install(): Promise<void> {
  const programs = ["/usr/sbin/glusterfsd", "/usr/sbin/glusterfs"].map((path) =>
    Deno.stat(path).catch(() => null)
  );
  if ((await Promise.all(programs)).every((program) => program !== null)) return;
  await run("apt-get", "update", "-qq");
  await run(
    "apt-get",
    "install",
    "-y",
    "-qq",
    "--no-install-recommends",
    "glusterfs-server",
    "glusterfs-client",
  );
}

async function run(program: string, ...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  })
    .output();
  if (!success) throw new Error(`Cannot run '${program}': ${new TextDecoder().decode(stderr).trim()}`);
}

function brick(folder: string, port: number): string {
  return `volume posix
  type storage/posix
  option directory ${folder}
end-volume
volume locks
  type features/locks
  subvolumes posix
end-volume
volume brick
  type performance/io-threads
  subvolumes locks
end-volume
volume server
  type protocol/server
  option transport-type tcp
  option transport.socket.bind-address 127.0.0.1
  option transport.socket.listen-port ${port}
  option auth.addr.brick.allow 127.0.0.1
  subvolumes brick
end-volume
`;
}

function client(ports: readonly number[]): string {
  const remotes = ports.map((port, index) =>
    `volume remote${index}
  type protocol/client
  option transport-type tcp
  option remote-host 127.0.0.1
  option remote-port ${port}
  option remote-subvolume brick
end-volume
`
  );
  return `${remotes.join("")}volume replicated
  type cluster/replicate
  option quorum-type auto
  subvolumes ${ports.map((_, index) => `remote${index}`).join(" ")}
end-volume
volume writes
  type performance/write-behind
  subvolumes replicated
end-volume
`;
}
