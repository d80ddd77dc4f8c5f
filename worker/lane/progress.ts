import type { TaskEvent } from "@assay/core";

/** Module events of a second that are passed on: people watch, so more help nobody. */
const PER_SECOND = 200;

/** Passes all task events on, and as many module events as anyone can follow. */
export function throttle(
  tell: (event: TaskEvent) => void,
  now: () => number = Date.now,
): (event: TaskEvent) => void {
  let second = 0;
  let told = 0;
  return (event) => {
    if (event.type === "module") {
      const current = Math.floor(now() / 1000);
      if (current !== second) [second, told] = [current, 0];
      if (++told > PER_SECOND) return;
    }
    tell(event);
  };
}
