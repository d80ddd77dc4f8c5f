import { build, type Plugin } from "esbuild";
import { join, sep } from "node:path";

const core = join(import.meta.dirname!, "..", "core");

/** Finds `core`, whose modules have no side effects: what the page doesn't use, such as its schemas, is left out. */
const withCore: Plugin = {
  name: "core",
  setup(build) {
    build.onResolve({ filter: /^@assay\/core$/ }, () => ({ path: join(core, "mod.ts"), sideEffects: false }));
    build.onResolve({ filter: /^\.\.?\/.*\.ts$/ }, ({ path, resolveDir }) => {
      const file = join(resolveDir, path);
      return file.startsWith(`${core}${sep}`) ? { path: file, sideEffects: false } : undefined;
    });
  },
};

/** Bundles the page and the embed kit into `ui/dist`: one ES module each, no request to elsewhere. */
export async function buildUi(): Promise<void> {
  const here = import.meta.dirname!;
  const dist = join(here, "dist");
  await Deno.mkdir(join(dist, "embed/v1"), { recursive: true });
  await build({
    entryPoints: { app: join(here, "app/main.ts"), "embed/v1/assay": join(here, "app/embed.ts") },
    outdir: dist,
    bundle: true,
    format: "esm",
    target: "es2022",
    minify: true,
    sourcemap: "linked",
    legalComments: "linked",
    logLevel: "warning",
    plugins: [withCore],
    tsconfigRaw: {},
  });
  for (const name of ["index.html", "app.css", "icon.svg"]) {
    await Deno.copyFile(join(here, "app", name), join(dist, name));
  }
}

if (import.meta.main) {
  await buildUi();
  Deno.exit(0); // esbuild's service would keep the process
}
