/** How a tool of the machine is called while installing. */
export interface ToolCall {
  readonly program: string;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What to say where the program isn't there: which it is and the command that installs it. */
  readonly missing: string;
}

/**
 * Runs a tool to its end and gives its standard output.
 * @throws {Error} with `missing` where it isn't installed, else with the last lines it said
 */
export async function runTool(call: ToolCall): Promise<string> {
  let output: Deno.CommandOutput;
  try {
    output = await new Deno.Command(call.program, {
      args: [...call.args],
      stdin: "null",
      signal: call.signal,
      ...(call.cwd === undefined ? {} : { cwd: call.cwd }),
      ...(call.env === undefined ? {} : { env: call.env }),
    }).output();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new Error(call.missing);
    throw error;
  }
  call.signal.throwIfAborted();
  const text = new TextDecoder();
  if (output.success) return text.decode(output.stdout);
  const said = (text.decode(output.stdout) + text.decode(output.stderr)).trim().split("\n").slice(-8).join(
    "\n",
  );
  throw new Error(`'${call.program} ${call.args.join(" ")}' ended with ${output.code}:\n${said}`);
}
