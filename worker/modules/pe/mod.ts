import { z } from "zod";
import { defineModule } from "../../module/define.ts";
import { parsePe } from "./parse.ts";
import { reportPe } from "./report.ts";

/** Structure of Windows programs and libraries. */
export default defineModule({
  name: "pe",
  title: "PE",
  description:
    "Headers, sections, imports, exports, imphash, Rich header, resources, version, debug path, overlay and anomalies of PE files.",
  category: "metadata",
  kind: "inline",
  version: "1.2.0",
  accepts: ["pe"],
  options: z.strictObject({}),
  open: () => ({ bytes }) => reportPe(parsePe(bytes)),
});
