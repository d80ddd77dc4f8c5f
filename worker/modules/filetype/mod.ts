import { WASMagic, WASMagicFlags } from "wasmagic";
import { z } from "zod";
import { defineModule } from "../../module/define.ts";
import { typeBySignature } from "./signatures.ts";
import { nameType } from "./types.ts";

/** As much as libmagic itself reads of a file. */
const PREFIX = 1024 * 1024;
/** As much as scripts are told apart by. */
const START = 4096;

/** What kind of file it is: decides which modules take it. Its `raw` is `{ fileType, mime, magic }`. */
export default defineModule({
  name: "filetype",
  title: "File type",
  description: "Type of the sample by its content, never by its name: signatures first, then libmagic.",
  category: "metadata",
  kind: "inline",
  version: "1.0.0",
  options: z.strictObject({}),
  async open() {
    const mime = await WASMagic.create({ flags: WASMagicFlags.MIME_TYPE });
    const magic = await WASMagic.create({ flags: WASMagicFlags.NONE });
    return ({ bytes }) => {
      const prefix = bytes.subarray(0, PREFIX);
      const start = new TextDecoder("latin1").decode(bytes.subarray(0, START));
      const named = nameType(typeBySignature(bytes), bytes.length === 0 ? "" : mime.detect(prefix), start);
      const said = bytes.length === 0 ? "empty" : magic.detect(prefix).slice(0, 1000);
      return { observations: [], raw: { ...named, magic: said } };
    };
  },
});
