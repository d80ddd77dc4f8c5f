/** Adapters to PostgreSQL, NATS, Elasticsearch and the sample store, and what starts them. */
export * from "./elasticsearch/connect.ts";
export { Config, type ConfigInput } from "./config/config.ts";
export { readConfigFile, samplesPath } from "./config/load.ts";
export * from "./elasticsearch/repositories.ts";
export { SortError, sortFields } from "./elasticsearch/sort.ts";
export { SearchTimeoutError, SearchUnavailableError } from "./elasticsearch/unavailable.ts";
export * from "./nats/queue.ts";
export * from "./page.ts";
export * from "./postgres/repositories.ts";
export * from "./samples/folder.ts";
export * from "./samples/store.ts";
export type { ProcessState } from "./supervisor/process.ts";
export { shutdownSignal } from "./supervisor/shutdown.ts";
export { readStatus, type SupervisorStatus } from "./supervisor/status.ts";
