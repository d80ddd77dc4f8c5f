/** A program to run on hostile input. */
export interface SandboxedCommand {
  /** Absolute path of the program. */
  readonly program: string;
  readonly args: readonly string[];
  /** Files and folders visible read-only beside the system's own `/usr`, `/lib*`, `/bin`, `/etc/ld*`. */
  readonly readOnly?: readonly string[];
  /** Written to standard input, then closed. */
  readonly stdin?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
  /** Whole run, milliseconds. */
  readonly timeoutMs: number;
  /** Resident memory of all its processes, bytes. */
  readonly maxMemory?: number;
  /** Bytes of standard output after which it is killed. Default 64 MiB. */
  readonly maxOutput?: number;
}

/** How a sandboxed program ended. */
export interface SandboxedEnd {
  readonly code: number;
  readonly stderr: string;
}

/** Runs programs without network, with a read-only root, an own tmp and limits. */
export interface Sandbox {
  /** Lines of standard output as they come. @throws {Error} named `TimeoutError` or with the reason of a limit. */
  lines(command: SandboxedCommand, signal: AbortSignal): AsyncIterable<string>;
  /** Runs to the end. */
  run(
    command: SandboxedCommand,
    signal: AbortSignal,
  ): Promise<SandboxedEnd & { readonly stdout: Uint8Array }>;
}
