import type { AssayPivotEvent } from "../../events/events.ts";
import { defang, isLive } from "../../text.ts";

/** What can be done with a value. */
export type Choice = AssayPivotEvent["how"] | "copy" | "copy-defanged";

/** A choice as a menu shows it. */
export interface PivotChoice {
  readonly choice: Choice;
  readonly text: string;
  /** Chooses it while the menu is open. */
  readonly key: string;
}

const pivots: readonly PivotChoice[] = [
  { choice: "find", text: "Find samples with it", key: "f" },
  { choice: "add", text: "Add to the query", key: "a" },
  { choice: "exclude", text: "Exclude from the query", key: "x" },
  { choice: "where", text: "Where else?", key: "w" },
];
const plainCopy: readonly PivotChoice[] = [{ choice: "copy", text: "Copy", key: "c" }];
const liveCopies: readonly PivotChoice[] = [
  { choice: "copy-defanged", text: "Copy defanged", key: "d" },
  { choice: "copy", text: "Copy as it is", key: "c" },
];

/** What can be done with a value of that field; without a field it can only be copied. */
export function choicesOf(field: string): readonly PivotChoice[] {
  const copies = isLive(field) ? liveCopies : plainCopy;
  return field === "" ? copies : [...pivots, ...copies];
}

/** The text that a copy takes. */
export function copyOf(choice: "copy" | "copy-defanged", value: string): string {
  return choice === "copy" ? value : defang(value);
}

/** Pixels between menu, button and the window's edge. */
const GAP = 4;

/** Puts the menu under its button, or above where there is more room, inside the window. */
export function placeMenu(menu: HTMLElement, button: DOMRect): void {
  const { width, height } = menu.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const below = button.bottom + GAP;
  const top = below + height > clientHeight ? Math.max(GAP, button.top - GAP - height) : below;
  const left = Math.max(GAP, Math.min(button.left, clientWidth - width - GAP));
  menu.style.setProperty("top", `${top}px`);
  menu.style.setProperty("left", `${left}px`);
}
