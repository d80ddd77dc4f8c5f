import type { DigestAlgorithm, Observation } from "@assay/core";
import { createHash } from "node:crypto";
import { z } from "zod";
import { defineModule } from "../../module/define.ts";
import { ssdeep } from "./ssdeep.ts";
import { tlsh } from "./tlsh.ts";

/** Digests of the whole sample: exact ones to look it up by, fuzzy ones to find its relatives. */
export default defineModule({
  name: "digests",
  title: "Digests",
  description: "MD5, SHA-1, SHA-256, SHA-512, ssdeep and TLSH of the whole sample.",
  category: "metadata",
  kind: "inline",
  version: "1.0.0",
  options: z.strictObject({}),
  open: () => ({ bytes }) => {
    const digest = (algorithm: DigestAlgorithm, value: string): Observation => ({
      type: "digest",
      algorithm,
      value,
    });
    const exact = (["md5", "sha1", "sha256", "sha512"] as const).map((name) =>
      digest(name, createHash(name).update(bytes).digest("hex"))
    );
    const locality = tlsh(bytes);
    return {
      observations: [
        ...exact,
        digest("ssdeep", ssdeep(bytes)),
        ...(locality ? [digest("tlsh", locality)] : []),
      ],
    };
  },
});
