/**
 * Loaded before any module: standard output carries the protocol, so whatever modules and their libraries print goes
 * to standard error instead.
 */
import process from "node:process";

/** The real standard output, for frames only. */
export const output = Deno.stdout;

Object.defineProperty(Deno, "stdout", { value: Deno.stderr });
Object.defineProperty(process, "stdout", { value: process.stderr });
for (const method of ["log", "info", "debug", "dir", "table", "trace"] as const) {
  console[method] = (...args: unknown[]) => console.error(...args);
}
