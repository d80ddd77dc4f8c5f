/**
 * Aborts when this process is to end: by SIGTERM or SIGINT, or, under the supervisor (which holds standard input
 * open), when that closes because the supervisor is gone.
 */
export function shutdownSignal(options: { supervised: boolean }): AbortSignal {
  const controller = new AbortController();
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    Deno.addSignalListener(signal, () => controller.abort(new Error(`Received ${signal}`)));
  }
  if (options.supervised) {
    void (async () => {
      // Nothing is ever sent; reading ends when the other end is closed.
      for await (const _ of Deno.stdin.readable);
      controller.abort(new Error("The supervisor is gone"));
    })();
  }
  return controller.signal;
}
