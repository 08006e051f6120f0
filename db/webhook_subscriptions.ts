import type { Sql } from "./driver/client.ts";

/** The application's subscription at the last check. */
export interface KnownSubscription {
  /** Strava's id, or null without a subscription. */
  id: number | null;
  /** Time of the last check, or null before the first one. */
  checkedAt: Date | null;
}

/** Time that one process may take to check the subscription. */
const LEASE_SECONDS = 120;
/** Time in which a forced check is not repeated: several processes that start together check once. */
const FRESH_SECONDS = 10;

/** Returns the subscription at the last check, or `undefined` before the first claim. */
export async function getKnownSubscription(
  sql: Sql,
  { clientId }: { clientId: string },
): Promise<KnownSubscription | undefined> {
  const [row] = await sql<KnownSubscription[]>`
    select id, checked_at as "checkedAt"
    from webhook_subscriptions
    where client_id = ${clientId}
  `;
  return row;
}

/**
 * Claims the check of the subscription for this process, if it is due. With `force` it is due unless
 * another process has just checked. Returns whether the claim succeeded.
 */
export async function claimSubscription(
  sql: Sql,
  { clientId, force, now }: { clientId: string; force: boolean; now: Date },
): Promise<boolean> {
  const leasedUntil = new Date(now.getTime() + LEASE_SECONDS * 1000);
  const fresh = new Date(now.getTime() - FRESH_SECONDS * 1000);
  const rows = await sql`
    insert into webhook_subscriptions as known (client_id, next_check_at, leased_until)
    values (${clientId}, ${now}, ${leasedUntil})
    on conflict (client_id) do update
    set leased_until = excluded.leased_until
    where (known.leased_until is null or known.leased_until <= ${now})
      and (
        known.next_check_at <= ${now}
        or ${force} and (known.checked_at is null or known.checked_at < ${fresh})
      )
    returning client_id
  `;
  return rows.length === 1;
}

/** Stores the checked id, if given, and the time of the next check. Ends the lease. */
export async function updateKnownSubscription(
  sql: Sql,
  { clientId, checked, nextCheckAt, now }: {
    clientId: string;
    checked?: { id: number | null };
    nextCheckAt: Date;
    now: Date;
  },
): Promise<void> {
  const isChecked = checked !== undefined;
  await sql`
    update webhook_subscriptions
    set
      id = case when ${isChecked} then ${
    checked?.id ?? null
  }::bigint else id end,
      checked_at = case when ${isChecked} then ${now}::timestamptz else checked_at end,
      next_check_at = ${nextCheckAt},
      leased_until = null
    where client_id = ${clientId}
  `;
}
