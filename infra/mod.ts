/** Adapters to PostgreSQL, NATS, Elasticsearch and the sample store, and what starts them. */
export * from "./elasticsearch/repositories.ts";
export * from "./nats/queue.ts";
export * from "./page.ts";
export * from "./postgres/repositories.ts";
export * from "./samples/folder.ts";
export * from "./samples/store.ts";
