import type { TaskId, Visibility } from "@assay/core";
import type { Tasks } from "@assay/infra";

/** Tasks replayed in one request. */
const MAX_REPLAYED = 1000;

/** Queues dead tasks again: these, or all that the reader sees, up to a thousand. Those that aren't dead are left. */
export async function replayDead(
  tasks: Pick<Tasks, "find" | "list" | "retry">,
  ids: readonly TaskId[] | null,
  visibility: Visibility,
): Promise<{ replayed: TaskId[]; more: boolean }> {
  const replayed: TaskId[] = [];
  const replay = async (id: TaskId) => {
    if (await tasks.retry(id, visibility)) replayed.push(id);
  };
  if (ids !== null) {
    for (const id of new Set(ids)) if ((await tasks.find(id, visibility))?.dead) await replay(id);
    return { replayed, more: false };
  }
  let cursor: string | null = null;
  do {
    const page = await tasks.list({ dead: true }, { size: 100, ...(cursor && { cursor }) }, visibility);
    for (const { id } of page.items) await replay(id);
    cursor = page.cursor;
  } while (cursor !== null && replayed.length < MAX_REPLAYED);
  return { replayed, more: cursor !== null };
}
