/**
 * Every exported symbol of a room's public face has a doc comment. `deno doc --lint` asks for more than we want: a
 * type beside each zod schema, which would say every shape twice, and a comment on each field, also where its name
 * says it all.
 */
interface DocSymbol {
  readonly name: string;
  readonly declarations: readonly {
    readonly declarationKind: string;
    readonly location: { readonly filename: string; readonly line: number };
    readonly jsDoc?: { readonly doc?: string };
  }[];
}

const faces: string[] = [];
for await (const room of Deno.readDir(".")) {
  const face = `${room.name}/mod.ts`;
  if (room.isDirectory && await isFile(face)) faces.push(face);
}
const output = await new Deno.Command(Deno.execPath(), { args: ["doc", "--json", ...faces.sort()] }).output();
if (!output.success) {
  await Deno.stderr.write(output.stderr);
  Deno.exit(1);
}
const { nodes } = JSON.parse(new TextDecoder().decode(output.stdout)) as {
  nodes: Record<string, { symbols: readonly DocSymbol[] }>;
};
const bare = Object.values(nodes).flatMap(({ symbols }) => symbols).flatMap(({ name, declarations }) => {
  const exported = declarations.filter((one) => one.declarationKind === "export");
  if (exported.length === 0 || declarations.some((one) => one.jsDoc?.doc)) return [];
  const { filename, line } = exported[0]!.location;
  return [`${filename.replace("file://", "")}:${line + 1}: exported '${name}' has no doc comment`];
});
for (const line of new Set(bare)) console.error(line);
console.log(`Checked the docs of ${faces.length} rooms`);
Deno.exit(bare.length === 0 ? 0 : 1);

async function isFile(path: string): Promise<boolean> {
  try {
    return (await Deno.stat(path)).isFile;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
