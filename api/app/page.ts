import type { Page, PageRequest } from "@assay/infra";
import { z } from "@hono/zod-openapi";

/** Query parameters of every list: `cursor` as the list before gave it, `size` of the page. */
export const pageQuery = {
  cursor: z.string().min(1).max(2000).optional().openapi({
    description: "Where the list goes on: `cursor` of the page before",
  }),
  size: z.coerce.number().int().min(1).max(100).default(25).openapi({ description: "Items of a page" }),
};

/** A page of a list; `cursor` is null on the last one. */
export function pageOf<T extends z.ZodType>(item: T, name: string) {
  return z.object({ items: z.array(item), cursor: z.string().nullable() }).openapi(`${name}Page`);
}

/** What a repository is asked for. */
export function pageRequest({ cursor, size }: { cursor?: string | undefined; size: number }): PageRequest {
  return { size, ...(cursor !== undefined && { cursor }) };
}

/** A page as the schema types it. */
export function sendPage<T>(page: Page<T>): { items: T[]; cursor: string | null } {
  return { items: [...page.items], cursor: page.cursor };
}
