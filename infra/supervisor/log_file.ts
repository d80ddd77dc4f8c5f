/** A log file that keeps its last two `maxBytes`: `x.log`, and `x.log.1` before it. */
export interface LogFile extends Disposable {
  /** Appends one line with the time before it. */
  write(line: string): void;
}

/** Opens a log file for appending. Writing is synchronous: lines are few and must survive a crash. */
export function openLogFile(path: string, maxBytes = 8 * 1024 * 1024): LogFile {
  const encoder = new TextEncoder();
  const open = () => Deno.openSync(path, { create: true, append: true, mode: 0o600 });
  let file = open();
  let size = file.statSync().size;
  return {
    write(line) {
      const bytes = encoder.encode(`${new Date().toISOString()} ${line}\n`);
      if (size > 0 && size + bytes.length > maxBytes) {
        file.close();
        Deno.renameSync(path, `${path}.1`);
        file = open();
        size = 0;
      }
      file.writeSync(bytes);
      size += bytes.length;
    },
    [Symbol.dispose]: () => file.close(),
  };
}
