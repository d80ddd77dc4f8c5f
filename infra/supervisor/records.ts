import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { processIdentity } from "./identity.ts";

/** A process that was started, noted so that a later run can end it if its supervisor was killed. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
  readonly stopSignal: Deno.Signal;
}

/** Notes a running process in `<runDir>/<name>.pid.json`. */
export async function writeRecord(
  runDir: string,
  process: { name: string; pid: number; stopSignal: Deno.Signal },
): Promise<void> {
  const identity = await processIdentity(process.pid);
  if (identity === null) return; // It has ended already; its supervisor will see that.
  const record: ProcessRecord = { ...process, identity };
  await Deno.writeTextFile(recordPath(runDir, process.name), JSON.stringify(record), { mode: 0o600 });
}

/** Forgets a process that has ended. */
export async function removeRecord(runDir: string, name: string): Promise<void> {
  try {
    await Deno.remove(recordPath(runDir, name));
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/**
 * Ends every noted process that still runs: what a killed supervisor left. A process with the same id but another
 * start time is somebody else's and stays. Asks first, then kills.
 * @returns the names of those ended
 */
export async function endOrphans(runDir: string, graceMs = 10_000): Promise<string[]> {
  const records: ProcessRecord[] = [];
  for await (const { name } of Deno.readDir(runDir)) {
    if (!name.endsWith(".pid.json")) continue;
    const record = parseRecord(await Deno.readTextFile(join(runDir, name)));
    // A record cut off by a crash names nothing that could be told from another's process.
    if (record === null) await Deno.remove(join(runDir, name));
    else records.push(record);
  }
  const ended = await Promise.all(records.map(async (record) => {
    const running = await isRunning(record);
    if (running && !(await end(record, record.stopSignal, graceMs))) {
      if (!(await end(record, "SIGKILL", graceMs))) {
        throw new Error(
          `Cannot end '${record.name}' of an earlier run: process ${record.pid} does not go away`,
        );
      }
    }
    await removeRecord(runDir, record.name);
    return running ? [record.name] : [];
  }));
  return ended.flat();
}

async function isRunning(record: ProcessRecord): Promise<boolean> {
  return await processIdentity(record.pid) === record.identity;
}

/** Signals and waits; true once it is gone. It isn't our child, so all that can be done is look again. */
async function end(record: ProcessRecord, signal: Deno.Signal, graceMs: number): Promise<boolean> {
  try {
    Deno.kill(record.pid, signal);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return true;
    throw error;
  }
  for (let waited = 0; waited < graceMs; waited += 50) {
    if (!(await isRunning(record))) return true;
    await delay(50);
  }
  return false;
}

function recordPath(runDir: string, name: string): string {
  return join(runDir, `${name}.pid.json`);
}

function parseRecord(text: string): ProcessRecord | null {
  try {
    return JSON.parse(text) as ProcessRecord;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
