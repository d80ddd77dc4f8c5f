import { join } from "node:path";
import type { InstallContext, Part } from "./cache.ts";
import { buildProject } from "./maven.ts";
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
  await buildProject({ pom, sources: { EmbeddedNode: source }, digests }, build, context);
  const jars = join(build, "target", "jars");
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
