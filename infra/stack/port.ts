/** A loopback port that is free now. Another process may take it before it is used: callers try again. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}
