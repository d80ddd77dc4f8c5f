/** What a process and everything it started use right now. */
export interface ProcessUsage {
  readonly processes: number;
  /** Resident bytes, summed; shared pages count for each. */
  readonly memory: number;
}

/** Looks at processes again and again. Dispose it to end its shell. */
export interface UsageMeter extends AsyncDisposable {
  /** Zeros where the process has ended, or where the system has no `/proc`. */
  read(pid: number): Promise<ProcessUsage>;
}

/**
 * Walks the tree of each process id that it reads, by the shell's own commands: no program is started for a reading.
 * statm's second field is the resident pages, see proc(5); `children` needs a kernel with CONFIG_PROC_CHILDREN.
 */
const script = `
page=$(getconf PAGESIZE 2>/dev/null || echo 4096)
while read -r pid; do
  n=0; pages=0; left=$pid
  while [ -n "$left" ] && [ $n -lt 10000 ]; do
    set -- $left; p=$1; shift; left="$*"
    { read -r all resident rest < "/proc/$p/statm"; } 2>/dev/null || continue
    n=$((n + 1)); pages=$((pages + resident)); kids=
    { read -r kids < "/proc/$p/task/$p/children"; } 2>/dev/null
    left="$left $kids"; left="\${left# }"; left="\${left% }"
  done
  echo "$n $((pages * page))"
done`;

/**
 * A meter of processes. Deno shows `/proc` only to processes with every permission, so a shell looks instead: it
 * gets numbers on its standard input, nothing else, and ends with it.
 */
export function openUsageMeter(): UsageMeter {
  const shell = new Deno.Command("/bin/sh", {
    args: ["-c", script],
    clearEnv: true,
    env: { PATH: "/usr/bin:/bin" },
    stdin: "piped",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const writer = shell.stdin.getWriter();
  const reader = shell.stdout.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  let last: Promise<unknown> = Promise.resolve();

  const ask = async (pid: number): Promise<ProcessUsage> => {
    if (!Number.isSafeInteger(pid) || pid < 1) {
      throw new RangeError(`Cannot read usage: expected a process id, got ${pid}`);
    }
    await writer.write(new TextEncoder().encode(`${pid}\n`));
    while (!rest.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) throw new Error("Cannot read usage: the shell that looks at processes has ended");
      rest += value;
    }
    const [processes, memory] = rest.slice(0, rest.indexOf("\n")).split(" ").map(Number);
    rest = rest.slice(rest.indexOf("\n") + 1);
    return { processes: processes ?? 0, memory: memory ?? 0 };
  };
  let closing: Promise<void> | null = null;
  const close = async () => {
    await last;
    await writer.close();
    await reader.cancel();
    await shell.status;
  };
  return {
    read(pid) {
      const next = last.then(() => ask(pid));
      last = next.catch(() => {});
      return next;
    },
    [Symbol.asyncDispose]: () => closing ??= close(),
  };
}
