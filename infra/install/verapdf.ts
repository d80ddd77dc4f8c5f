import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Part } from "./cache.ts";
import { buildProject } from "./maven.ts";
import pom from "./verapdf/pom.xml" with { type: "text" };
import digests from "./verapdf/jars.sha256" with { type: "text" };
import source from "./verapdf/src/main/java/CheckPdf.java" with { type: "text" };

const version = createHash("sha256").update(pom).update(digests).update(source).digest("hex").slice(0, 12);

/** What tests check PDFs with, out of jars on Maven Central: `lib/` and `classes/`, whose `CheckPdf` says what it prints. */
export const pdfCheckerPart: Part = {
  name: "pdf-checker",
  version,
  async fetch(folder, context) {
    const build = join(folder, "build");
    await buildProject({ pom, sources: { CheckPdf: source }, digests }, build, context);
    await Deno.rename(join(build, "target", "jars"), join(folder, "lib"));
    await Deno.rename(join(build, "target", "classes"), join(folder, "classes"));
    await Deno.remove(build, { recursive: true });
  },
};
