import type { Tlp } from "@assay/core";

/** The levels of the Traffic Light Protocol 2.0, least to most restricted, without the schemas that `core` has beside them. */
export const tlpLevels: readonly Tlp[] = ["clear", "green", "amber", "amber+strict", "red"];
