/**
 * Aborts when this process is to end: by SIGTERM or SIGINT, or, under the supervisor (which holds standard input
 * open), when that closes because the supervisor is gone. Keeps no process alive once aborted.
 */
export function shutdownSignal(options: { supervised: boolean }): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(signal, () => controller.abort(new Error(`Received ${signal}`)));
  }
  if (options.supervised) void watchInput(controller);
  return controller.signal;
}

/** Nothing is ever sent; a read ends when the other end is closed. */
async function watchInput(controller: AbortController): Promise<void> {
  const reader = Deno.stdin.readable.getReader();
  controller.signal.addEventListener("abort", () => reader.cancel());
  while (!(await reader.read()).done);
  controller.abort(new Error("The supervisor is gone"));
}
