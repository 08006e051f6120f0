import type { Pool, Sql } from "./client.ts";

/** Several queries that see the database as it was at one moment; nothing is written. */
export async function readSnapshot<Result>(
  pool: Pool,
  read: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const { result } = await pool.begin(
    "isolation level repeatable read read only",
    // In an object, since the driver awaits each part of an array.
    async (sql) => ({ result: await read(sql) }),
  );
  return result;
}
