/** What things are: types, schemas and pure rules. Imports nothing of ours. */
export * from "./field/catalogue.ts";
export * from "./id/id.ts";
export * from "./module/module.ts";
export * from "./observation/observation.ts";
export * from "./report/report.ts";
export * from "./submission/submission.ts";
export * from "./task/task.ts";
export * from "./tlp/tlp.ts";
export * from "./verdict/verdict.ts";
export * from "./verdict/conclude.ts";
export * from "./verdict/heuristics.ts";
