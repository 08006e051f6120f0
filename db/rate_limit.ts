import type { Pool, Sql } from "./driver/client.ts";

/**
 * A row of `rate_limit`: the application's limits at Strava (null if unknown) and their usage in the
 * quarter hour and the day that start at `shortWindow` and `dailyWindow`.
 */
export interface RateLimit {
  shortLimit: number | null;
  dailyLimit: number | null;
  readShortLimit: number | null;
  readDailyLimit: number | null;
  shortUsage: number;
  dailyUsage: number;
  readShortUsage: number;
  readDailyUsage: number;
  shortWindow: Date;
  dailyWindow: Date;
  /** Number of requests counted in total. */
  requestCount: number;
  /** Whether Strava answered 429 in this quarter hour. */
  refused: boolean;
  /** Time of Strava's first answer that the application is inactive, and of the next attempt. */
  inactiveSince: Date | null;
  inactiveRetryAt: Date | null;
  observedAt: Date;
}

/**
 * Changes the rate limit under the lock of its row, so that concurrent changes follow each other.
 * Creates the row if needed. Returns the change's `result`.
 */
export async function changeRateLimit<T>(
  pool: Pool,
  { clientId }: { clientId: string },
  change: (limit: RateLimit) => { limit: RateLimit; result: T },
): Promise<T> {
  const { result } = await pool.begin(async (sql) => {
    const stored = await getRateLimit(sql, { clientId, lock: true }) ??
      await insertRateLimit(sql, { clientId });
    const changed = change(stored);
    await updateRateLimit(sql, { clientId, ...changed.limit });
    return { result: changed.result };
  });
  return result;
}

/** Returns the rate limit. `lock` keeps its row locked until the end of the transaction. */
export async function getRateLimit(
  sql: Sql,
  { clientId, lock = false }: { clientId: string; lock?: boolean },
): Promise<RateLimit | undefined> {
  const [limit] = await sql<RateLimit[]>`
    select ${rateLimitColumns(sql)}
    from rate_limit
    where client_id = ${clientId}
    ${lock ? sql`for update` : sql``}
  `;
  return limit;
}

/** Inserts the row or, if another process was faster, locks it. Returns it either way. */
async function insertRateLimit(
  sql: Sql,
  { clientId }: { clientId: string },
): Promise<RateLimit> {
  const [limit] = await sql<RateLimit[]>`
    insert into rate_limit (
      client_id, short_usage, daily_usage, read_short_usage, read_daily_usage,
      short_window, daily_window, observed_at
    )
    values (${clientId}, 0, 0, 0, 0, 'epoch', 'epoch', 'epoch')
    on conflict (client_id) do update
    set client_id = excluded.client_id
    returning ${rateLimitColumns(sql)}
  `;
  return limit!;
}

async function updateRateLimit(
  sql: Sql,
  { clientId, ...limit }: RateLimit & { clientId: string },
): Promise<void> {
  await sql`
    update rate_limit
    set
      short_limit = ${limit.shortLimit},
      daily_limit = ${limit.dailyLimit},
      read_short_limit = ${limit.readShortLimit},
      read_daily_limit = ${limit.readDailyLimit},
      short_usage = ${limit.shortUsage},
      daily_usage = ${limit.dailyUsage},
      read_short_usage = ${limit.readShortUsage},
      read_daily_usage = ${limit.readDailyUsage},
      short_window = ${limit.shortWindow},
      daily_window = ${limit.dailyWindow},
      request_count = ${limit.requestCount},
      refused = ${limit.refused},
      inactive_since = ${limit.inactiveSince},
      inactive_retry_at = ${limit.inactiveRetryAt},
      observed_at = ${limit.observedAt}
    where client_id = ${clientId}
  `;
}

function rateLimitColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    short_limit as "shortLimit",
    daily_limit as "dailyLimit",
    read_short_limit as "readShortLimit",
    read_daily_limit as "readDailyLimit",
    short_usage as "shortUsage",
    daily_usage as "dailyUsage",
    read_short_usage as "readShortUsage",
    read_daily_usage as "readDailyUsage",
    short_window as "shortWindow",
    daily_window as "dailyWindow",
    request_count as "requestCount",
    refused,
    inactive_since as "inactiveSince",
    inactive_retry_at as "inactiveRetryAt",
    observed_at as "observedAt"
  `;
}
