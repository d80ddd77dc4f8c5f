/**
 * Tells a process from a later one with the same id: by the boot and the start time. Null where no such process
 * runs (a zombie no longer does).
 */
export function processIdentity(pid: number): Promise<string | null> {
  return Deno.build.os === "linux" ? linuxIdentity(pid) : posixIdentity(pid);
}

/** /proc/PID/stat, see proc(5): the state is field 3, the start time in clock ticks since boot is field 22. */
async function linuxIdentity(pid: number): Promise<string | null> {
  try {
    const [stat, boot] = await Promise.all([
      Deno.readTextFile(`/proc/${pid}/stat`),
      Deno.readTextFile("/proc/sys/kernel/random/boot_id"),
    ]);
    // The program's name stands in brackets and may hold anything, brackets and spaces too.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? null : `${boot.trim()}:${fields[19]}`;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    // ESRCH: it ended while being read.
    if (error instanceof Error && error.message.includes("os error 3")) return null;
    throw error;
  }
}

async function posixIdentity(pid: number): Promise<string | null> {
  const output = await new Deno.Command("ps", {
    args: ["-o", "stat=,lstart=", "-p", String(pid)],
    stdin: "null",
    stderr: "null",
  }).output();
  const [state = "Z", ...start] = new TextDecoder().decode(output.stdout).trim().split(/\s+/);
  return !output.success || state.startsWith("Z") ? null : start.join(" ");
}
