import { childrenOf, read } from "../usage.ts";

/**
 * The reports process and its renderers by name, with their proportional bytes (Pss, see proc(5): pages that several processes have count in
 * parts); Chromium's processes apart.
 */
export function memoryOf(pid: number): { readonly what: string; readonly bytes: number }[] {
  const renderers = childrenOf(pid).filter((child) =>
    read(`/proc/${child}/cmdline`)?.includes("renderer.ts")
  );
  return [pid, ...renderers].map((one, i) => ({
    what: i === 0 ? "process" : "renderer",
    bytes: 1024 * Number(/^Pss:\s+(\d+)/m.exec(read(`/proc/${one}/smaps_rollup`) ?? "")?.[1] ?? 0),
  }));
}
