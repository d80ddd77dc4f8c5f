/** What a process and all that it started have used. */
export interface ProcessUsage {
  /** Seconds of processor, of children that have ended too. */
  readonly cpu: number;
  /** Peak resident bytes of the largest single process. */
  readonly peak: number;
}

const TICKS = 100;

/** Usage of a process tree by `/proc`. */
export function usageOf(pid: number): ProcessUsage {
  let cpu = 0;
  let peak = 0;
  const left = [pid];
  while (left.length > 0) {
    const next = left.pop()!;
    const stat = read(`/proc/${next}/stat`);
    if (stat === null) continue;
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ").map(Number);
    cpu += (fields[11]! + fields[12]! + fields[13]! + fields[14]!) / TICKS;
    peak = Math.max(peak, 1024 * Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${next}/status`) ?? "")?.[1] ?? 0));
    left.push(...childrenOf(next));
  }
  return { cpu, peak };
}

/** Ids of the processes that one has started, by any of its threads. */
export function childrenOf(pid: number): number[] {
  try {
    return [...Deno.readDirSync(`/proc/${pid}/task`)].flatMap(({ name }) =>
      (read(`/proc/${pid}/task/${name}/children`) ?? "").split(" ").filter(Boolean).map(Number)
    );
  } catch {
    return []; // it has ended
  }
}

/** What a file of `/proc` holds; null where its process has ended. */
export function read(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null; // it has ended
  }
}
