import { freePort } from "../../stack/port.ts";

/**
 * The port to listen on. One that was asked for must be free; the usual one gives way to any free port, so that a
 * second instance starts beside the first.
 * @throws {Error} where the port asked for is taken
 */
export function chooseApiPort(host: string, port: number, askedFor: boolean): number {
  if (port === 0) return freePort();
  try {
    Deno.listen({ hostname: host, port }).close();
    return port;
  } catch (cause) {
    if (!(cause instanceof Deno.errors.AddrInUse)) throw cause;
    if (askedFor) throw new Error(`Cannot listen on port ${port}: another program does`, { cause });
    return freePort();
  }
}
