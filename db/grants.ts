import type { Sql } from "./driver/client.ts";

/** A row of `grants`: an athlete's permission to read Strava, with sealed tokens. */
export interface Grant {
  athleteId: number;
  accessToken: string;
  refreshToken: string;
  expiresAt: Date;
  scopes: string[];
  /** Since when Strava refuses the grant. Only the athlete can fix that, by connecting again. */
  deadSince: Date | null;
}

/** The sealed tokens and the expiry of the access token. */
export type GrantTokens = Pick<
  Grant,
  "athleteId" | "accessToken" | "refreshToken" | "expiresAt"
>;

/** Stores a grant. It counts as accepted by Strava, even if an earlier one was refused. */
export async function upsertGrant(
  sql: Sql,
  { athleteId, accessToken, refreshToken, expiresAt, scopes, now }:
    & Omit<Grant, "deadSince">
    & { now: Date },
): Promise<void> {
  await sql`
    insert into grants (athlete_id, access_token, refresh_token, expires_at, scopes, updated_at)
    values (${athleteId}, ${accessToken}, ${refreshToken}, ${expiresAt}, ${scopes}, ${now})
    on conflict (athlete_id) do update
    set
      access_token = excluded.access_token,
      refresh_token = excluded.refresh_token,
      expires_at = excluded.expires_at,
      scopes = excluded.scopes,
      dead_since = null,
      updated_at = excluded.updated_at
  `;
}

/**
 * Returns the grant. With `lock` its row stays locked until the transaction ends, so that only one
 * caller at a time refreshes it.
 */
export async function getGrant(
  sql: Sql,
  { athleteId, lock = false }: { athleteId: number; lock?: boolean },
): Promise<Grant | undefined> {
  const [grant] = await sql<Grant[]>`
    select
      athlete_id as "athleteId",
      access_token as "accessToken",
      refresh_token as "refreshToken",
      expires_at as "expiresAt",
      scopes,
      dead_since as "deadSince"
    from grants
    where athlete_id = ${athleteId}
    ${lock ? sql`for update` : sql``}
  `;
  return grant;
}

/** Stores new tokens from Strava. The grant counts as accepted, even if it was marked as dead. */
export async function updateGrantTokens(
  sql: Sql,
  { athleteId, accessToken, refreshToken, expiresAt, now }: GrantTokens & {
    now: Date;
  },
): Promise<void> {
  await sql`
    update grants
    set
      access_token = ${accessToken},
      refresh_token = ${refreshToken},
      expires_at = ${expiresAt},
      dead_since = null,
      updated_at = ${now}
    where athlete_id = ${athleteId}
  `;
}

/** Stores the same tokens, sealed under another key. */
export async function updateGrantSeals(
  sql: Sql,
  { athleteId, accessToken, refreshToken, now }:
    & Omit<GrantTokens, "expiresAt">
    & { now: Date },
): Promise<void> {
  await sql`
    update grants
    set
      access_token = ${accessToken},
      refresh_token = ${refreshToken},
      updated_at = ${now}
    where athlete_id = ${athleteId}
  `;
}

/** Marks the grant as dead: Strava refuses it. Keeps the time of an earlier mark. */
export async function markGrantDead(
  sql: Sql,
  { athleteId, now }: { athleteId: number; now: Date },
): Promise<void> {
  await sql`
    update grants
    set dead_since = coalesce(dead_since, ${now})
    where athlete_id = ${athleteId}
  `;
}

/** Deletes the athlete's grant. */
export async function deleteGrant(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<void> {
  await sql`
    delete from grants
    where athlete_id = ${athleteId}
  `;
}

/** Lists the ids of the athletes that have a grant. */
export async function listGrantAthletes(sql: Sql): Promise<number[]> {
  const rows = await sql<{ athleteId: number }[]>`
    select athlete_id as "athleteId"
    from grants
    order by athlete_id
  `;
  return rows.map((row) => row.athleteId);
}
