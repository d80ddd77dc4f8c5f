import { join } from "node:path";
import type { InstallContext, Part } from "./cache.ts";
import { findJava } from "./java.ts";
import { runTool } from "./run.ts";
import pom from "./elasticsearch/pom.xml" with { type: "text" };
import digests from "./elasticsearch/jars.sha256" with { type: "text" };
import source from "./elasticsearch/src/main/java/EmbeddedNode.java" with { type: "text" };

const version = /<elasticsearch.version>([^<]+)</.exec(pom)?.[1] ?? "";
const netty = /^(netty-|transport-netty4-)/;

/**
 * The Elasticsearch server out of its own jars on Maven Central: `lib/` (the class path), `classes/` (the class that
 * starts a node) and `modules/` (the HTTP transport, loaded by the server as a plug-in). The jars are compared with
 * `elasticsearch/jars.sha256`.
 */
export const elasticsearchPart: Part = { name: "elasticsearch", version, fetch: buildServer };

async function buildServer(folder: string, context: InstallContext): Promise<void> {
  const build = join(folder, "build");
  const sources = join(build, "src", "main", "java");
  await Deno.mkdir(sources, { recursive: true });
  await Deno.writeTextFile(join(build, "pom.xml"), pom);
  await Deno.writeTextFile(join(sources, "EmbeddedNode.java"), source);
  // Debian's Maven finds a Java by itself; others want JAVA_HOME, for which any found will do.
  const java = await findJava(17, context.signal);
  await runTool({
    program: "mvn",
    args: ["-q", "-B", "-C", "-f", build, "compile"],
    signal: context.signal,
    ...(java === null ? {} : { env: { JAVA_HOME: java.home } }),
    missing:
      "Maven is missing; install it with 'apt-get install maven' (Debian, Ubuntu), 'dnf install maven' " +
      "(Fedora) or 'brew install maven' (macOS)",
  });
  const jars = join(build, "target", "jars");
  await checkDigests(jars);
  const module = join(folder, "modules", "transport-netty4");
  await Deno.mkdir(module, { recursive: true });
  await Deno.mkdir(join(folder, "lib"));
  for await (const { name } of Deno.readDir(jars)) {
    await Deno.rename(join(jars, name), join(netty.test(name) ? module : join(folder, "lib"), name));
  }
  await Deno.writeTextFile(join(module, "plugin-descriptor.properties"), descriptor());
  await Deno.rename(join(build, "target", "classes"), join(folder, "classes"));
  await Deno.remove(build, { recursive: true });
}

/** What Maven brought must be the files that were tried: the same names and the same bytes. */
async function checkDigests(jars: string): Promise<void> {
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

function descriptor(): string {
  return [
    "name=transport-netty4",
    "description=Netty transport",
    `version=${version}`,
    `elasticsearch.version=${version}`,
    "java.version=21",
    "classname=org.elasticsearch.transport.netty4.Netty4Plugin",
    "extended.plugins=",
    "has.native.controller=false",
    "",
  ].join("\n");
}
