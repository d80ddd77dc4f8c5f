import type { Tlp } from "@assay/core";
import { html } from "lit";

/** The levels of the Traffic Light Protocol 2.0, least to most restricted, without the schemas that `core` has beside them. */
export const tlpLevels: readonly Tlp[] = ["clear", "green", "amber", "amber+strict", "red"];

/** Options of a choice of level, up to what a key may see. */
export function renderTlpOptions(selected: Tlp, most: Tlp = "red") {
  const levels = tlpLevels.slice(0, tlpLevels.indexOf(most) + 1);
  const chosen = levels.includes(selected) ? selected : levels.at(-1);
  return levels.map((level) =>
    html`<option value=${level} ?selected=${level === chosen}>TLP:${level.toUpperCase()}</option>`
  );
}
