import type { Sql } from "./client.ts";

/** The application's budget at Strava as last read; null where an answer did not say. */
export interface RateLimit {
  shortLimit: number | null;
  shortUsage: number | null;
  dailyLimit: number | null;
  dailyUsage: number | null;
  readShortLimit: number | null;
  readShortUsage: number | null;
  readDailyLimit: number | null;
  readDailyUsage: number | null;
  observedAt: Date;
}

/**
 * Stores a reading. Those of several requests come in any order, from any process, so what counts
 * is not who writes last: of each window the later one, within it the greater usage, and the limit
 * that was read last.
 */
export async function upsertRateLimit(
  sql: Sql,
  { clientId, ...limit }: RateLimit & { clientId: string },
): Promise<void> {
  await sql`
    insert into rate_limit (
      client_id, short_limit, short_usage, daily_limit, daily_usage,
      read_short_limit, read_short_usage, read_daily_limit, read_daily_usage, observed_at
    )
    values (
      ${clientId}, ${limit.shortLimit}, ${limit.shortUsage}, ${limit.dailyLimit},
      ${limit.dailyUsage}, ${limit.readShortLimit}, ${limit.readShortUsage},
      ${limit.readDailyLimit}, ${limit.readDailyUsage}, ${limit.observedAt}
    )
    on conflict (client_id) do update
    set
      short_limit = ${newerLimit(sql, "short_limit")},
      short_usage = ${greaterUsage(sql, "short_usage", SHORT_WINDOW)},
      daily_limit = ${newerLimit(sql, "daily_limit")},
      daily_usage = ${greaterUsage(sql, "daily_usage", DAILY_WINDOW)},
      read_short_limit = ${newerLimit(sql, "read_short_limit")},
      read_short_usage = ${greaterUsage(sql, "read_short_usage", SHORT_WINDOW)},
      read_daily_limit = ${newerLimit(sql, "read_daily_limit")},
      read_daily_usage = ${greaterUsage(sql, "read_daily_usage", DAILY_WINDOW)},
      observed_at = greatest(rate_limit.observed_at, excluded.observed_at)
  `;
}

/** Strava's windows are fixed: at quarter hours, and at midnight in UTC. */
const SHORT_WINDOW = "15 minutes";
const DAILY_WINDOW = "24 hours";

/** A limit that an answer does not state is the one from before. */
function newerLimit(sql: Sql, name: string): ReturnType<Sql> {
  const column = sql(name);
  return sql`
    case
      when excluded.observed_at >= rate_limit.observed_at
        then coalesce(excluded.${column}, rate_limit.${column})
      else coalesce(rate_limit.${column}, excluded.${column})
    end
  `;
}

function greaterUsage(
  sql: Sql,
  name: string,
  window: string,
): ReturnType<Sql> {
  const column = sql(name);
  const stored =
    sql`date_bin(${window}::interval, rate_limit.observed_at, 'epoch')`;
  const read =
    sql`date_bin(${window}::interval, excluded.observed_at, 'epoch')`;
  return sql`
    case
      when ${read} > ${stored} then excluded.${column}
      when ${read} < ${stored} then rate_limit.${column}
      else greatest(rate_limit.${column}, excluded.${column})
    end
  `;
}

export async function getRateLimit(
  sql: Sql,
  { clientId }: { clientId: string },
): Promise<RateLimit | undefined> {
  const [limit] = await sql<RateLimit[]>`
    select
      short_limit as "shortLimit",
      short_usage as "shortUsage",
      daily_limit as "dailyLimit",
      daily_usage as "dailyUsage",
      read_short_limit as "readShortLimit",
      read_short_usage as "readShortUsage",
      read_daily_limit as "readDailyLimit",
      read_daily_usage as "readDailyUsage",
      observed_at as "observedAt"
    from rate_limit
    where client_id = ${clientId}
  `;
  return limit;
}
