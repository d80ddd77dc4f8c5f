import { join } from "node:path";
import { ulid } from "ulid";

/** Path of the first administrator's key. */
export function adminKeyPath(dataDir: string): string {
  return join(dataDir, "admin.key");
}

/**
 * The first administrator's key: as configured, else the one kept in `<data>/admin.key`, made on the first start.
 * The file is readable by its owner only. A configured key isn't written anywhere.
 */
export async function ensureAdminKey(dataDir: string, configured: string | null): Promise<string> {
  if (configured !== null) return configured;
  const path = adminKeyPath(dataDir);
  try {
    return (await Deno.readTextFile(path)).trim();
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  const key = `assay_${ulid()}_${newSecret()}`;
  await Deno.writeTextFile(`${path}.new`, `${key}\n`, { mode: 0o600 });
  await Deno.rename(`${path}.new`, path);
  return key;
}

/** 256 random bits, in characters that can stand in a header. */
export function newSecret(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toBase64({ alphabet: "base64url", omitPadding: true });
}
