import { readStatus } from "@assay/infra";

/** Resolves where every process that a supervisor watches serves, or where none watches; this one answers for itself. */
export async function checkProcesses(runDir: string): Promise<void> {
  const status = await readStatus(runDir);
  const away = (status?.processes ?? []).filter(({ name, phase }) => name !== "api" && phase !== "ready");
  if (away.length === 0) return;
  throw new Error(
    away.map(({ name, phase, lastEnd }) => `${name} is ${phase}${lastEnd ? ` (${lastEnd})` : ""}`).join(", "),
  );
}
