import type { Sql } from "./driver/client.ts";

/** The number of attempts within a time window. */
export interface AttemptCount {
  count: number;
  windowEndsAt: Date;
}

/** Counts an attempt. The first attempt after a window ends starts the next window. */
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

/** Removes an attempt from its count, unless its window has ended. */
export async function uncountAttempt(
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

/** Deletes the counts whose windows have ended. */
export async function deleteEndedAttempts(
  sql: Sql,
  { now }: { now: Date },
): Promise<void> {
  await sql`
    delete from login_attempts
    where window_ends_at <= ${now}
  `;
}
