import type { Sql } from "./client.ts";

/**
 * Asks the database for a sign of life; rejects with what keeps it from answering, after some seconds
 * with `CONNECT_TIMEOUT`.
 *
 * The driver's own timeout begins anew with each connection: where something takes connections and
 * closes them at once, as a forwarded port does that has nothing behind it, it would try for ever.
 */
export async function reachDatabase(
  sql: Sql,
  { seconds = 15 }: { seconds?: number } = {},
): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new Error(`No answer within ${seconds} s`);
    reject(Object.assign(error, { code: "CONNECT_TIMEOUT" }));
  }, seconds * 1000);
  try {
    await Promise.race([sql`select 1`, late]);
  } finally {
    clearTimeout(timer);
  }
}
