import { EXPORT_VERSION, exportSchema } from "./schema.ts";

/** `deno task schema:report`: writes the published schema of the JSON export. */
const file = new URL(`./report-${EXPORT_VERSION}.schema.json`, import.meta.url);
await Deno.writeTextFile(file, `${JSON.stringify(exportSchema(), null, 2)}\n`);
