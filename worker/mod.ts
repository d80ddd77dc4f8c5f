/** What takes batches of samples from the queue, runs modules on them and writes reports. */
export * from "./module/define.ts";
export { loadModules, toolsOf } from "./registry/load.ts";
export * from "./registry/registry.ts";
export { type OpenSandbox, openSandbox, type SandboxMode } from "./sandbox/open.ts";
export * from "./sandbox/sandbox.ts";
export { startWorker, type Worker } from "./start.ts";
