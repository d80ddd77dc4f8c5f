/** The elements of Assay. Classes have no side effect; `defineElements()` registers them. */
export * from "./controllers/client.ts";
export * from "./define.ts";
export * from "./elements.ts";
export * from "./events/events.ts";
