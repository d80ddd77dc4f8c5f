/** Where an export goes. */
export interface Output {
  /** Writes all of it; gives how many bytes that were. */
  write(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<number>;
  /** Leaves nothing half behind. */
  discard(): Promise<void>;
}

/**
 * Opens a file that isn't there yet, or standard output for `-`. With `force` a file that is there is replaced, once the new one is whole.
 * @throws {Error} where the file is there, or bytes would go to a terminal
 */
export async function openOutput(
  path: string,
  { force, binary }: { readonly force: boolean; readonly binary: boolean },
): Promise<Output> {
  if (path === "-") {
    if (binary && Deno.stdout.isTerminal()) {
      throw new Error("Cannot show this format on a terminal: say where to with --output FILE");
    }
    return { write: (stream) => copy(stream, Deno.stdout), discard: () => Promise.resolve() };
  }
  const refuseIfThere = async () => {
    if (force || !await isThere(path)) return;
    throw new Error(`Cannot write '${path}': it is there already; --force replaces it`);
  };
  await refuseIfThere();
  const temporary = `${path}.${Deno.pid}.part`;
  const file = await Deno.open(temporary, { createNew: true, write: true });
  return {
    async write(stream) {
      const bytes = await copy(stream, file);
      await file.syncData();
      file.close();
      await refuseIfThere(); // somebody may have made it meanwhile
      await Deno.rename(temporary, path);
      return bytes;
    },
    async discard() {
      try {
        file.close();
      } catch {
        // It is closed already.
      }
      await Deno.remove(temporary);
    },
  };
}

async function copy(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  to: { write(bytes: Uint8Array): Promise<number> },
): Promise<number> {
  let bytes = 0;
  for await (const chunk of stream) {
    for (let at = 0; at < chunk.length;) at += await to.write(chunk.subarray(at));
    bytes += chunk.length;
  }
  return bytes;
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
