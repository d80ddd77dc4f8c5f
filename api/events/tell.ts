import type { Task } from "@assay/core";
import type { ApiDependencies } from "../app/dependencies.ts";
import { eventOf } from "./watch.ts";

/** Tells event streams, of all processes, that a request changed a task just now. */
export function tellTask({ queue, now }: Pick<ApiDependencies, "queue" | "now">, task: Task): void {
  queue.tell({ ...eventOf(task), at: now().toISOString() });
}
