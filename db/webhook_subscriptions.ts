import type { Sql } from "./driver/client.ts";

/** The application's subscription as far as is known. */
export interface KnownSubscription {
  /** Strava's id; null where there is none. */
  id: number | null;
  /** When Strava was asked last; null before the first answer. */
  checkedAt: Date | null;
}

/** How long one process may take to look after the subscription. */
const LEASE_SECONDS = 120;
/** Processes that start together look once. */
const FRESH_SECONDS = 10;

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
 * Takes the subscription's upkeep, for one process of any number: when it is due, or with `force`
 * unless another has just looked.
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

/** Stores what Strava answered; without `checked` only when to look again. Ends the lease. */
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
