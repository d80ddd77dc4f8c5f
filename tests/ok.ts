/** `deno task ok`: everything that must be clean before a change goes in, in the order of how fast it tells. */
const steps: readonly (readonly string[])[] = [
  ["fmt", "--check"],
  ["lint"],
  ["check", "."],
  ["run", "--no-prompt", "--allow-read", "--allow-run", "tests/doc_lint.ts"],
  ["task", "--quiet", "test"],
];
for (const args of steps) {
  console.log(`deno ${args.join(" ")}`);
  const { code } = await new Deno.Command(Deno.execPath(), { args: [...args] }).spawn().status;
  if (code !== 0) Deno.exit(code);
}
