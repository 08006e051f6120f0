import {
  adaptToPooler,
  beforeSettling,
  cancelQuery,
  type DriverQuery,
  readToldPid,
  watchBatches,
} from "./driver_query.ts";
import type { Pool, Sql } from "./types.ts";

/** A pool's knowledge of a pooler such as PgBouncer between it and PostgreSQL. */
export interface Pooler {
  /** Adapts the pool if a pooler has refused a connection. Returns whether it did. */
  noticeRefusal(error: unknown): boolean;
  /** Adapts the pool to a pooler. */
  adapt(): void;
  /** Limits the time of a query that is about to be sent. A cursor gets that time for each batch. */
  limitTime(query: DriverQuery): void;
}

const poolers = new WeakMap<object, Pooler>();

/**
 * Creates the adaptation of a pool to a pooler in transaction mode, where each transaction may run on
 * another connection to PostgreSQL. Statements are then not prepared, and the time limit is kept here
 * instead of in a setting of the connection. PgBouncer refuses that setting, `statement_timeout`, at the
 * start of a connection: this shows that it is there.
 */
export function createPooler(
  driver: Pool,
  { timeoutMs }: { timeoutMs: number },
): Pooler {
  let isPresent = false;
  function adapt(): void {
    isPresent = true;
    adaptToPooler(driver);
  }
  return {
    noticeRefusal(error) {
      if (!isUnsupportedParameter(error)) return false;
      adapt();
      return true;
    },
    adapt,
    limitTime(query) {
      if (!isPresent || timeoutMs === 0) return;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const stop = (): void => clearTimeout(timer);
      const start = (): void => {
        timer = setTimeout(() => cancelQuery(query), timeoutMs);
      };
      if (query.cursorFn) return watchBatches(query, { start, stop });
      start();
      beforeSettling(query, stop);
    },
  };
}

/** Notes the pooler of a pool for {@link detectPooler}. */
export function registerPooler(pool: Pool, pooler: Pooler): void {
  poolers.set(pool, pooler);
}

/**
 * Adapts the pool if something between it and PostgreSQL shares connections: the process that answers is
 * then another one than the connection was told. Some poolers are set up to ignore unknown settings,
 * and do not show themselves by a refusal.
 */
export async function detectPooler(sql: Sql): Promise<void> {
  const result = await sql<{ pid: number }[]>`select pg_backend_pid() as pid`;
  if (isShared(result, result[0]!.pid)) poolers.get(sql)?.adapt();
}

/** Reports whether a result came from another process than its connection began with. */
export function isShared(result: unknown, pid: number): boolean {
  const told = readToldPid(result);
  return told !== undefined && told !== pid;
}

function isUnsupportedParameter(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "08P01" &&
    /unsupported startup parameter.*statement_timeout/.test(error.message);
}
