import { getLogger } from "@logtape/logtape";
import { createApi } from "../app/create.ts";
import type { ApiDependencies } from "../app/dependencies.ts";

/** Where the description is kept. */
export const documentUrl = new URL("../openapi.json", import.meta.url);

/** The description as JSON text. Routes touch what they are made of only when they are asked, so nothing is needed here. */
export async function documentText(): Promise<string> {
  const nothing = {
    settings: {
      origins: [],
      rate: null,
      maxListeners: { perKey: 0, all: 0 },
      maxExports: { perKey: 0, all: 0 },
      reportFiles: { maxReports: 0, maxKept: 0, keep: 0 },
    },
    page: new Map(),
    docs: new Map(),
  } as unknown as ApiDependencies;
  const app = createApi({ ...nothing, log: getLogger(["assay", "api"]) });
  const response = await app.request("/api/openapi.json");
  return `${JSON.stringify(await response.json(), null, 2)}\n`;
}

if (import.meta.main) await Deno.writeTextFile(documentUrl, await documentText());
