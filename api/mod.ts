/** The REST API. Other processes reach it by HTTP; only its own `main.ts` and tests import it. */
export { createApi } from "./app/create.ts";
export type { ApiEnvironment } from "./app/environment.ts";
export type { Rate } from "./limits/bucket.ts";
export type { ApiDependencies, ApiSettings } from "./app/dependencies.ts";
export { type Asset, type Assets, readAssets } from "./assets/assets.ts";
export { readDocs } from "./openapi/docs.ts";
