import type { ModuleDescription } from "@assay/core";
import type postgres from "postgres";
import type { Sql } from "./connect.ts";

/** What workers say they can do. */
export interface Modules {
  /** Replaces what was said before. */
  announce(descriptions: readonly ModuleDescription[]): Promise<void>;
  /** By name. Empty until a worker has started once. */
  list(): Promise<ModuleDescription[]>;
}

/** Module descriptions in PostgreSQL. */
export function createModules(pool: Sql): Modules {
  return {
    async announce(descriptions) {
      await pool.begin(async (tx) => {
        await tx`delete from modules`;
        for (const description of descriptions) {
          await tx`insert into modules ${
            tx({ name: description.name, description: tx.json(description as unknown as postgres.JSONValue) })
          } on conflict (name) do update set description = excluded.description, seen = now()`;
        }
      });
    },
    async list() {
      const rows = await pool<
        { description: ModuleDescription }[]
      >`select description from modules order by name`;
      return rows.map(({ description }) => description);
    },
  };
}
