import type { Sql } from "./driver/client.ts";

/** An athlete's permission to read Strava, its tokens sealed. */
export interface Grant {
  athleteId: number;
  accessToken: string;
  refreshToken: string;
  expiresAt: Date;
  scopes: string[];
  /** Since when Strava refuses it: only the athlete can help, by connecting again. */
  deadSince: Date | null;
}

/** The tokens and when the access token ends. */
export type GrantTokens = Pick<
  Grant,
  "athleteId" | "accessToken" | "refreshToken" | "expiresAt"
>;

/** Stores a grant; whatever was wrong with an earlier one is over. */
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

/** The grant; with `lock` its row stays locked until the transaction ends: who refreshes is alone. */
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

/** Stores tokens that Strava has just given: the grant lives, whatever was thought of it. */
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

/** Stores the same tokens sealed anew. */
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

/** Marks the grant as one that Strava refuses. */
export async function endGrant(
  sql: Sql,
  { athleteId, now }: { athleteId: number; now: Date },
): Promise<void> {
  await sql`
    update grants
    set dead_since = coalesce(dead_since, ${now})
    where athlete_id = ${athleteId}
  `;
}

export async function deleteGrant(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<void> {
  await sql`
    delete from grants
    where athlete_id = ${athleteId}
  `;
}

/** The athletes who have a grant. */
export async function listGrantAthletes(sql: Sql): Promise<number[]> {
  const rows = await sql<{ athleteId: number }[]>`
    select athlete_id as "athleteId"
    from grants
    order by athlete_id
  `;
  return rows.map((row) => row.athleteId);
}
