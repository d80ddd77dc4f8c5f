/** Shows how far long work is: a bar that moves on a terminal, a line each tenth elsewhere. Written to standard error. */
export function createProgressBar(): (what: string, done: number, total: number) => void {
  const isTerminal = Deno.stderr.isTerminal();
  const text = new TextEncoder();
  let shown = "";
  return (what, done, total) => {
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const filled = Math.round(share * 30);
    const line = `${what.padEnd(10)} [${"#".repeat(filled)}${"-".repeat(30 - filled)}] ${done}/${total}`;
    const key = isTerminal ? line : `${what} ${Math.floor(share * 10)}`;
    if (key === shown) return;
    shown = key;
    Deno.stderr.writeSync(
      text.encode(isTerminal ? `\r${line}\x1b[K${share === 1 ? "\n" : ""}` : `${line}\n`),
    );
  };
}
