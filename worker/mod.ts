export * from "./module/define.ts";
export * from "./sandbox/sandbox.ts";
