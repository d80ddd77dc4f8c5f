import { z } from "zod";
import { defineModule } from "../../module/define.ts";
import { histogramOf } from "../../bytes/walks.ts";
import { entropyOf } from "./entropy.ts";

/** Blocks of the profile at most; each is at least 256 bytes. */
const MOST_BLOCKS = 256;
const LEAST_BLOCK = 256;

/** Entropy of the sample and its course from start to end. */
export default defineModule({
  name: "entropy",
  title: "Entropy",
  description:
    "Shannon entropy of the whole sample and of up to 256 blocks, in bits a byte: packed and encrypted content is near 8.",
  category: "metadata",
  kind: "inline",
  version: "1.0.0",
  options: z.strictObject({}),
  open: () => ({ bytes }) => {
    if (bytes.length === 0) return null;
    const size = Math.max(LEAST_BLOCK, Math.ceil(bytes.length / MOST_BLOCKS));
    const whole = new Uint32Array(256);
    const blocks: number[] = [];
    for (let at = 0; at < bytes.length; at += size) {
      const block = bytes.subarray(at, at + size);
      const counts = histogramOf(block);
      for (let value = 0; value < 256; value++) whole[value]! += counts[value]!;
      blocks.push(round(entropyOf(counts, block.length)));
    }
    const value = round(entropyOf(whole, bytes.length));
    return {
      observations: [
        { type: "feature", name: "entropy", value },
        { type: "property", field: "entropy", value },
      ],
      raw: { entropy: value, blockSize: size, blocks },
    };
  },
});

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
