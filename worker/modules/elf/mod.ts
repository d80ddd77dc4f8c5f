import { z } from "zod";
import { defineModule } from "../../module/define.ts";
import { parseElf } from "./parse.ts";
import { reportElf } from "./report.ts";

/** Structure of Linux and Unix programs and libraries. */
export default defineModule({
  name: "elf",
  title: "ELF",
  description:
    "Header, segments, sections, needed libraries, symbols, build id, hardening, overlay and anomalies of ELF files.",
  category: "metadata",
  kind: "inline",
  version: "1.2.0",
  accepts: ["elf"],
  options: z.strictObject({}),
  open: () => ({ bytes }) => reportElf(parseElf(bytes)),
});
