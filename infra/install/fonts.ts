import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { InstallContext, Part } from "./cache.ts";
import { pipInstall } from "./python.ts";
import house from "../../deno.json" with { type: "json" };
import requirements from "./python/fonts.txt" with { type: "text" };

/** Upright Noto Sans in the weights that reports use, as npm carries it: what is not variable is embedded as what it is. */
const UPRIGHT = ["400Regular", "600SemiBold", "700Bold"];
const CODE = ["IBMPlexMono-Regular.ttf"];

/** Typefaces that reports are set in, flat in a folder: Noto Sans for all scripts in use, emoji and symbols, IBM Plex Mono for code. */
export const fontsPart: Part = { name: "fonts", version: versions().join("-"), fetch: gatherFonts };

function versions(): string[] {
  const pinned = [...requirements.matchAll(/==(\S+)/g)].map(([, version]) => version!);
  return [house.imports["@expo-google-fonts/noto-sans"].split("@").at(-1)!, ...pinned];
}

async function gatherFonts(folder: string, context: InstallContext): Promise<void> {
  const wheels = join(folder, "wheels");
  await pipInstall(requirements, ["--only-binary=:all:", "--require-hashes"], wheels, context);
  for (const name of ["manimgx_fonts", "manimgx_fonts_cjk"]) {
    for await (const { name: file } of Deno.readDir(join(wheels, name))) {
      // The variable Noto Sans would be taken for the upright one.
      if (/\.tt[fc]$/.test(file) && !/^NotoSans(-Italic)?\[/.test(file)) {
        await Deno.rename(join(wheels, name, file), join(folder, file));
      }
    }
  }
  for (const file of CODE) {
    await Deno.rename(join(wheels, "fontpkg_ibm_plex_mono", "files", file), join(folder, file));
  }
  const upright = dirname(fileURLToPath(import.meta.resolve("@expo-google-fonts/noto-sans")));
  for (const style of UPRIGHT) {
    const file = `NotoSans_${style}.ttf`;
    await Deno.copyFile(join(upright, style, file), join(folder, file));
  }
  await Deno.remove(wheels, { recursive: true });
}
