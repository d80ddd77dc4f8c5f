import { build, type Plugin } from "esbuild";
import { basename, dirname, join, sep } from "node:path";

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

/** Bundles the page and the embed kit into `ui/dist`: one ES module each and what they load when it is needed, no request to elsewhere. */
export async function buildUi(): Promise<void> {
  const here = import.meta.dirname!;
  const dist = join(here, "dist");
  await Deno.mkdir(join(dist, "embed/v1"), { recursive: true });
  await bundle(join(here, "app/main.ts"), join(dist, "app.js"));
  await bundle(join(here, "app/embed.ts"), join(dist, "embed/v1/assay.js"));
  for (const name of ["index.html", "app.css", "icon.svg"]) {
    await Deno.copyFile(join(here, "app", name), join(dist, name));
  }
}

/** One file, and one more for each module that is imported when it is needed, beside it and under its own name. */
async function bundle(entry: string, file: string): Promise<void> {
  const lazy = new Set<string>();
  await build({
    entryPoints: [entry],
    outfile: file,
    bundle: true,
    format: "esm",
    plugins: [apart(lazy), withCore],
    target: "es2022",
    minify: true,
    sourcemap: "linked",
    legalComments: "linked",
    logLevel: "warning",
    tsconfigRaw: {},
  });
  for (const module of lazy) await bundle(module, join(dirname(file), fileOf(module)));
}

/** Leaves what is imported later out of the bundle and notes it; such a module shares nothing with the rest. */
function apart(lazy: Set<string>): Plugin {
  return {
    name: "apart",
    setup(build) {
      build.onResolve({ filter: /\.ts$/ }, ({ kind, path, resolveDir }) => {
        if (kind !== "dynamic-import") return undefined;
        lazy.add(join(resolveDir, path));
        return { path: `./${fileOf(path)}`, external: true };
      });
    },
  };
}

function fileOf(module: string): string {
  return `${basename(module, ".ts")}.js`;
}

if (import.meta.main) {
  await buildUi();
  Deno.exit(0); // esbuild's service would keep the process
}
