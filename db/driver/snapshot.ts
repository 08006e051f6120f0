import type { Pool, Sql } from "./client.ts";

/** Runs several read-only queries that see the database at one moment. */
export async function readSnapshot<Result>(
  pool: Pool,
  read: (sql: Sql) => Promise<Result>,
): Promise<Result> {
  const { result } = await pool.begin(
    "isolation level repeatable read read only",
    // In an object, because the driver awaits each element of an array.
    async (sql) => ({ result: await read(sql) }),
  );
  return result;
}
