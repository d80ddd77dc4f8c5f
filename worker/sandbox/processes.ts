/** What a process and everything it started use right now. */
export interface Usage {
  readonly processes: number;
  /** Resident bytes, summed; shared pages count for each. */
  readonly memory: number;
}

const PAGE = 4096;

/** Usage of a process tree from `/proc`; zeros where it has ended, or where there is no `/proc`. */
export function readUsage(pid: number): Usage {
  let processes = 0;
  let memory = 0;
  const left = [pid];
  while (left.length > 0 && processes < 10_000) {
    const next = left.pop()!;
    const pages = read(`/proc/${next}/statm`)?.split(" ")[1];
    if (pages === undefined) continue;
    processes++;
    memory += Number(pages) * PAGE;
    left.push(...(read(`/proc/${next}/task/${next}/children`) ?? "").split(" ").filter(Boolean).map(Number));
  }
  return { processes, memory };
}

/** A process may end while it is looked at. */
function read(path: string): string | null {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return null;
  }
}
