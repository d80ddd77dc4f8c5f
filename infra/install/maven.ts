import { dirname, join } from "node:path";
import type { InstallContext } from "./cache.ts";
import { findJava } from "./java.ts";
import { runTool } from "./run.ts";

/** A Maven project of ours: what it fetches and compiles. */
export interface MavenProject {
  readonly pom: string;
  /** Texts of its classes by their names. */
  readonly sources: Readonly<Record<string, string>>;
  /** Lines `sha256  name.jar` of all that it fetches. */
  readonly digests: string;
}

/**
 * Fetches the jars of a project, which must be the files that were tried, and compiles its classes: `target/jars` and `target/classes` in the
 * folder, which is made.
 */
export async function buildProject(
  { pom, sources, digests }: MavenProject,
  folder: string,
  context: InstallContext,
): Promise<void> {
  for (const [name, text] of Object.entries(sources)) {
    const file = join(folder, "src", "main", "java", `${name}.java`);
    await Deno.mkdir(dirname(file), { recursive: true });
    await Deno.writeTextFile(file, text);
  }
  await Deno.writeTextFile(join(folder, "pom.xml"), pom);
  // Debian's Maven finds a Java by itself; others want JAVA_HOME, for which any found will do.
  const java = await findJava(17, context.signal);
  await runTool({
    program: "mvn",
    args: ["-q", "-B", "-C", "-f", folder, "compile"],
    signal: context.signal,
    ...(java === null ? {} : { env: { JAVA_HOME: java.home } }),
    missing:
      "Maven is missing; install it with 'apt-get install maven' (Debian, Ubuntu), 'dnf install maven' " +
      "(Fedora) or 'brew install maven' (macOS)",
  });
  await checkDigests(join(folder, "target", "jars"), digests);
}

async function checkDigests(jars: string, digests: string): Promise<void> {
  const expected = new Map(
    digests.trim().split("\n").map((line) => {
      const [digest = "", name = ""] = line.split(/\s+/);
      return [name, digest] as const;
    }),
  );
  for await (const { name } of Deno.readDir(jars)) {
    const bytes = await Deno.readFile(join(jars, name));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).toHex();
    if (expected.get(name) !== digest) {
      throw new Error(
        `Maven brought '${name}' with SHA-256 ${digest}, expected ${expected.get(name) ?? "no such file"}`,
      );
    }
    expected.delete(name);
  }
  if (expected.size > 0) throw new Error(`Maven did not bring ${[...expected.keys()].join(", ")}`);
}
