import type { Observation } from "@assay/core";
import { gzipSync } from "node:zlib";
import { z } from "zod";
import { defineModule } from "../../module/define.ts";
import { chooseStrings } from "./choose.ts";
import { findIndicators, MOST_INDICATORS } from "./indicators.ts";
import { gatherStrings } from "./text.ts";

/** Printable strings and what they mention. All of them are kept beside the sample, one a line. */
export default defineModule({
  name: "strings",
  title: "Strings",
  description:
    "ASCII and UTF-16LE strings of six characters or more, and the URLs, domains, addresses, paths and registry keys in them.",
  category: "metadata",
  kind: "inline",
  version: "1.0.0",
  options: z.strictObject({}),
  open: () => ({ bytes }) => {
    const { ascii, wide, lines, kept } = gatherStrings(bytes);
    if (kept === 0) return null;
    const strings = new TextDecoder("latin1").decode(lines.subarray(0, -1)).split("\n");
    const chosen = chooseStrings(strings);
    const indicators = [...findIndicators(strings)];
    const full = indicators.filter(([, values]) => values.size === MOST_INDICATORS).map(([kind]) => kind);
    const count = (n: number) => n.toLocaleString("en");
    return {
      observations: indicators.flatMap(([kind, values]) =>
        [...values].map((value): Observation => ({ type: "observable", kind, value, source: "string" }))
      ),
      raw: { ascii, wide, sample: chosen },
      attachment: { name: "strings", gzip: new Uint8Array(gzipSync(lines, { level: 1 })) },
      limits: [
        ...(kept < ascii + wide
          ? [`strings: the list beside the sample has ${count(kept)} of ${count(ascii + wide)}`]
          : []),
        ...(chosen.length < strings.length
          ? [`strings: ${count(chosen.length)} of ${count(ascii + wide)} kept in the report`]
          : []),
        ...full.map((kind) => `strings: only the first ${MOST_INDICATORS} of kind ${kind} kept`),
      ],
    };
  },
});
