import {
  beforeSettling,
  type DriverQuery,
  interceptQueries,
} from "./driver_query.ts";
import type { Pool } from "./types.ts";

type Tx = Parameters<Parameters<Pool["begin"]>[1]>[0];

/** The work of a transaction. */
export type Work = (tx: Tx) => unknown;

/**
 * Runs the driver's `begin`, but sends nothing more once the transaction's connection is lost.
 *
 * The driver would send the rollback to a closed socket and throw an error that ends the process. If it had reconnected
 * by then, it would run the remaining queries outside any transaction. Therefore work that ends after the loss never
 * ends for the driver, which has already rejected the transaction.
 */
export function beginSafely(
  driver: Pool,
  options: string,
  { work, limitTime }: { work: Work; limitTime: (query: DriverQuery) => void },
): Promise<unknown> {
  let lost: unknown;

  function guarded(tx: Tx): Tx {
    const sql = interceptQueries(tx, (query, handler) => {
      if (lost) return query.reject(lost);
      beforeSettling(query, (error) => {
        if (isConnectionError(error)) lost = error;
      });
      limitTime(query);
      handler(query);
    });
    const savepoint = (...args: [string, Work] | [Work]): Promise<unknown> => {
      const inner = args.pop() as Work;
      return tx.savepoint(args[0] as string ?? "", (sp) => run(inner, sp));
    };
    return Object.assign(sql, { savepoint }) as Tx;
  }

  async function run(inner: Work, tx: Tx): Promise<unknown> {
    try {
      const result = inner(guarded(tx));
      return await (Array.isArray(result) ? Promise.all(result) : result);
    } finally {
      if (lost) await new Promise(() => {});
    }
  }

  return driver.begin(options, (tx) => run(work, tx)).catch((error) => {
    lost ??= error;
    throw error;
  });
}

/** Reports whether the driver, not PostgreSQL, rejected a query because its connection is lost. */
function isConnectionError(error: unknown): boolean {
  const { code, errno } = (error ?? {}) as { code?: unknown; errno?: unknown };
  // Writing to a socket that the other side closed gives an EPIPE without an errno.
  return typeof code === "string" && (errno !== undefined || code === "EPIPE");
}
