/** `deno task ok`: everything that must be clean before a change goes in, in the order of how fast it tells. */
const rooms = ["core", "infra", "api", "worker"];
const steps: readonly (readonly string[])[] = [
  ["fmt", "--check"],
  ["lint"],
  ["check", "."],
  ["doc", "--lint", "--quiet", ...rooms.map((room) => `${room}/mod.ts`)],
  ["task", "--quiet", "test"],
];
for (const args of steps) {
  console.log(`deno ${args.join(" ")}`);
  const { code } = await new Deno.Command(Deno.execPath(), { args: [...args] }).spawn().status;
  if (code !== 0) Deno.exit(code);
}
