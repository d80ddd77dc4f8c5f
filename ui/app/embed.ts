import { defineElements } from "../elements.ts";

export * from "../mod.ts";

defineElements();
