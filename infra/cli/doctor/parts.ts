import type { Config } from "../../config/config.ts";
import { type Part, partFolder } from "../../install/cache.ts";
import { chromiumPart } from "../../install/chromium.ts";
import { elasticsearchPart } from "../../install/elasticsearch.ts";
import { fontsPart } from "../../install/fonts.ts";
import { postgresPart } from "../../install/postgres.ts";
import { attackPart, natsServerPart, stixSchemasPart, yaraXPart } from "../../install/python.ts";
import type { Check } from "./check.ts";

/** The parts that `up` fetches, as far as the configuration asks for them. None of them missing is a fault. */
export async function checkParts(config: Config, cache: string): Promise<Check[]> {
  const parts: Part[] = [
    ...(config.postgres.url === null ? [postgresPart] : []),
    ...(config.nats.url === null ? [natsServerPart] : []),
    ...(config.elasticsearch.url === null ? [elasticsearchPart] : []),
    yaraXPart,
    ...(config.tools.stixSchemas === null ? [stixSchemasPart] : []),
    ...(config.tools.attack === null ? [attackPart] : []),
    ...(config.tools.chromium === null ? [chromiumPart] : []),
    ...(config.tools.fonts === null ? [fontsPart] : []),
  ];
  return await Promise.all(parts.map(async (part): Promise<Check> => {
    const folder = partFolder(part, cache);
    const there = await Deno.stat(folder).then(() => true, (error) => {
      if (error instanceof Deno.errors.NotFound) return false;
      throw error;
    });
    const name = `${part.name} ${part.version}`;
    return {
      group: "Parts",
      name,
      state: there ? "ok" : "absent",
      detail: there ? folder : "'up' fetches it",
    };
  }));
}
