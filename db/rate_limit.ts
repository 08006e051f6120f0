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
      short_limit = excluded.short_limit,
      short_usage = excluded.short_usage,
      daily_limit = excluded.daily_limit,
      daily_usage = excluded.daily_usage,
      read_short_limit = excluded.read_short_limit,
      read_short_usage = excluded.read_short_usage,
      read_daily_limit = excluded.read_daily_limit,
      read_daily_usage = excluded.read_daily_usage,
      observed_at = excluded.observed_at
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
