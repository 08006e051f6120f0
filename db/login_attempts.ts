import type { Sql } from "./driver/client.ts";

/** How often something was tried in a window of time. */
export interface AttemptCount {
  count: number;
  windowEndsAt: Date;
}

/** Counts an attempt; the first after a window's end begins the next one. */
export async function countAttempt(
  sql: Sql,
  { key, windowEndsAt, now }: { key: string; windowEndsAt: Date; now: Date },
): Promise<AttemptCount> {
  const [row] = await sql<AttemptCount[]>`
    insert into login_attempts as known (key, count, window_ends_at)
    values (${key}, 1, ${windowEndsAt})
    on conflict (key) do update
    set
      count = case when known.window_ends_at > ${now} then known.count + 1 else 1 end,
      window_ends_at = case
        when known.window_ends_at > ${now} then known.window_ends_at
        else excluded.window_ends_at
      end
    returning count, window_ends_at as "windowEndsAt"
  `;
  return row!;
}

/** Takes an attempt back that was none, unless its window is over. */
export async function takeBackAttempt(
  sql: Sql,
  { key, windowEndsAt }: { key: string; windowEndsAt: Date },
): Promise<void> {
  await sql`
    update login_attempts
    set count = count - 1
    where key = ${key}
      and window_ends_at = ${windowEndsAt}
      and count > 0
  `;
}

/** Drops the counts whose windows are over. */
export async function deleteEndedAttempts(
  sql: Sql,
  { now }: { now: Date },
): Promise<void> {
  await sql`
    delete from login_attempts
    where window_ends_at <= ${now}
  `;
}
