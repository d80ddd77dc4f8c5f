/** `deno task wasm`: assembles `walks.wat` into `walks.wasm`, which is what runs. A test tells where the two differ. */
import wabt from "wabt";

/** The bytes of `walks.wasm`. */
export async function assemble(): Promise<Uint8Array> {
  const text = await Deno.readTextFile(new URL("walks.wat", import.meta.url));
  const module = (await wabt()).parseWat("walks.wat", text);
  try {
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

if (import.meta.main) await Deno.writeFile(new URL("walks.wasm", import.meta.url), await assemble());
