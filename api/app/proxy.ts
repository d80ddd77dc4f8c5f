/** Hands connections on to a port of this machine, until it stops and cuts them all: how tests let a server go away. */
export function startProxy(target: number): { port: number; stop(): Promise<void> } {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  const pipes: Promise<unknown>[] = [];
  const serving = (async () => {
    for await (const client of listener) {
      const server = await Deno.connect({ hostname: "127.0.0.1", port: target });
      open.add(client).add(server);
      // A side that leaves breaks its pipes, which is no failure of theirs.
      pipes.push(
        Promise.allSettled([
          client.readable.pipeTo(server.writable),
          server.readable.pipeTo(client.writable),
        ]),
      );
    }
  })();
  return {
    port: listener.addr.port,
    async stop() {
      listener.close();
      for (const connection of open) connection.close();
      await Promise.allSettled([serving, ...pipes]);
    },
  };
}
