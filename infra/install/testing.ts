import { createHash } from "node:crypto";
import { defaultCache, ensurePart, type InstallContext, type Part } from "./cache.ts";
import { chromiumPart, chromiumProgram } from "./chromium.ts";
import { fontsPart } from "./fonts.ts";
import { ensureJava } from "./java.ts";
import { attackPart, pipInstall, pythonMissing, stixSchemasPart } from "./python.ts";
import { runTool } from "./run.ts";
import { pdfCheckerPart } from "./verapdf.ts";
import stixTools from "./python/stix-tools.txt" with { type: "text" };
import taxiiServer from "./python/taxii-server.txt" with { type: "text" };

/** The folder of a part in the cache of this user, fetched on first use. */
export function testPart(part: Part): Promise<string> {
  return ensurePart(part, testContext());
}

/** Folders of the schemas of STIX and of MITRE's techniques. */
export async function testStixParts(): Promise<{ readonly schemas: string; readonly attack: string }> {
  const [schemas, attack] = await Promise.all([testPart(stixSchemasPart), testPart(attackPart)]);
  return { schemas, attack };
}

/**
 * Folder of Python packages that read STIX as others do: OASIS's validator, python-stix2, patterns and their matcher, MISP's
 * converter. All at pinned versions; made for the Python at hand, since some are compiled.
 */
export function testStixTools(): Promise<string> {
  return pythonTools("stix-tools", stixTools);
}

/** Folder of Python packages with OASIS's reference server of TAXII 2.1, `medallion`; made for the Python at hand. */
export function testTaxiiServer(): Promise<string> {
  return pythonTools("taxii-server", taxiiServer);
}

async function pythonTools(name: string, requirements: string): Promise<string> {
  const context = testContext();
  const python = await runTool({
    program: "python3",
    args: ["-c", "import sys; print(sys.implementation.cache_tag)"],
    signal: context.signal,
    missing: pythonMissing,
  });
  const list = createHash("sha256").update(requirements).digest("hex").slice(0, 12);
  return await ensurePart({
    name,
    version: `${list}-${python.trim()}`,
    fetch: (folder, given) => pipInstall(requirements, [], folder, given),
  }, context);
}

/** Chromium's program. */
export async function testChromium(): Promise<string> {
  return chromiumProgram(await testPart(chromiumPart));
}

/** Chromium's program and the folder of the fonts that reports are set in. */
export async function testPrintParts(): Promise<{ readonly chromium: string; readonly fonts: string }> {
  const [chromium, fonts] = await Promise.all([testChromium(), testPart(fontsPart)]);
  return { chromium, fonts };
}

/** Runs `CheckPdf` on files; gives what it printed. */
export async function testPdfChecker(files: readonly string[]): Promise<string> {
  const context = testContext();
  const [folder, java] = [await ensurePart(pdfCheckerPart, context), await ensureJava(17, context)];
  return await runTool({
    program: java.program,
    args: [
      "-XX:TieredStopAtLevel=1",
      "-Xmx512m",
      "-cp",
      `${folder}/classes:${folder}/lib/*`,
      "CheckPdf",
      ...files,
    ],
    signal: context.signal,
    missing: `There is no Java at '${java.program}'`,
  });
}

function testContext(): InstallContext {
  const cache = defaultCache(Deno.env.toObject(), Deno.uid());
  return { cache, signal: new AbortController().signal, log: (line) => console.error(line) };
}
