import type { Sql } from "./client.ts";
import { detectPooler } from "./pooler.ts";

/**
 * Waits until the database answers, and adapts the pool to a pooler in front of it. Rejects with the reason if it cannot, or with `CONNECT_TIMEOUT` after some seconds.
 *
 * The driver's own timeout restarts with each connection. A forwarded port without a server behind it accepts and closes
 * connections at once, so the driver would try forever.
 */
export async function reachDatabase(
  sql: Sql,
  { seconds = 15 }: { seconds?: number } = {},
): Promise<void> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    const error = new Error(`No response within ${seconds} s`);
    reject(Object.assign(error, { code: "CONNECT_TIMEOUT" }));
  }, seconds * 1000);
  try {
    await Promise.race([detectPooler(sql), late]);
  } finally {
    clearTimeout(timer);
  }
}
