import { connectPostgres } from "../../postgres/connect.ts";
import { migrate } from "../../postgres/migrate.ts";

/** Brings the database to this version; gives the names of the migrations applied. */
export async function migrateDatabase(url: string): Promise<string[]> {
  const sql = connectPostgres({ url, name: "migrate", max: 1 });
  try {
    return await migrate(sql);
  } finally {
    await sql.end();
  }
}
