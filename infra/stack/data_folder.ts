import { join, resolve } from "node:path";
import { endOrphans } from "../supervisor/records.ts";

/** The data folder of one installation, held by one running `up` at a time. */
export interface DataFolder extends Disposable {
  /** Absolute path. */
  readonly path: string;
  /** Process records, status and configuration of the running processes. */
  readonly runDir: string;
  readonly logDir: string;
  readonly secrets: Secrets;
  /** Names of processes of a killed earlier run that were ended. */
  readonly ended: readonly string[];
}

/** Random passwords of the embedded servers; they never leave this machine. */
export interface Secrets {
  readonly postgres: string;
  readonly nats: string;
}

/**
 * Makes the folder where it is missing, takes its lock and ends what a killed `up` left running.
 * @throws {Error} where another `up` holds it
 */
export async function openDataFolder(dataDir: string): Promise<DataFolder> {
  const path = resolve(dataDir);
  const runDir = join(path, "run");
  const logDir = join(path, "logs");
  await Deno.mkdir(runDir, { recursive: true });
  await Deno.mkdir(logDir, { recursive: true });
  // Everything inside that matters is for the owner alone; the user that runs PostgreSQL must get through, though.
  await Deno.chmod(path, 0o711);
  await Deno.chmod(runDir, 0o700);
  await Deno.chmod(logDir, 0o700);
  const lock = await Deno.open(join(runDir, "lock"), { create: true, read: true, write: true });
  try {
    if (!(await lock.tryLock(true))) {
      const holder = await new Response(lock.readable).text();
      throw new Error(`Cannot use data folder '${path}': process ${holder.trim()} is running on it`);
    }
    await lock.truncate();
    await lock.write(new TextEncoder().encode(`${Deno.pid}\n`));
    const ended = await endOrphans(runDir);
    const secrets = await readSecrets(join(path, "secrets.json"));
    return { path, runDir, logDir, secrets, ended, [Symbol.dispose]: () => lock.close() };
  } catch (error) {
    try {
      lock.close();
    } catch {
      // Reading the holder has closed it.
    }
    throw error;
  }
}

/** True where an `up` is running on the folder. */
export async function isInUse(dataDir: string): Promise<boolean> {
  try {
    using lock = await Deno.open(join(dataDir, "run", "lock"));
    return !(await lock.tryLock(false));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** The secrets of a folder, made on the first start. The file appears whole, readable by its owner only. */
async function readSecrets(path: string): Promise<Secrets> {
  try {
    return JSON.parse(await Deno.readTextFile(path)) as Secrets;
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const secrets: Secrets = { postgres: randomPassword(), nats: randomPassword() };
  await Deno.writeTextFile(`${path}.new`, JSON.stringify(secrets), { mode: 0o600 });
  await Deno.rename(`${path}.new`, path);
  return secrets;
}

function randomPassword(): string {
  return crypto.getRandomValues(new Uint8Array(24)).toBase64({ alphabet: "base64url" });
}
