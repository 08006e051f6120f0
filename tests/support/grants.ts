import type { Pool } from "../../db/driver/client.ts";
import { ATHLETE_ID, type TestApp } from "./app.ts";

/** The test athlete, as options for the functions of grants. */
export const ATHLETE = { athleteId: ATHLETE_ID };
/** Path of Strava's token endpoint. */
export const TOKEN = "/oauth/token";
export const HOUR_MS = 60 * 60 * 1000;

/** A row of `grants`. */
export interface StoredGrant {
  access_token: string;
  refresh_token: string;
  expires_at: Date;
}

/** Returns the stored grant with sealed tokens. */
export async function readStored(sql: Pool): Promise<StoredGrant> {
  const [row] = await sql<StoredGrant[]>`
    select access_token, refresh_token, expires_at
    from grants
    where athlete_id = ${ATHLETE_ID}
  `;
  return { ...row! };
}

/** Returns the stored tokens, unsealed. */
export async function unsealStored(
  { sql, seal }: Pick<TestApp["deps"], "sql" | "seal">,
): Promise<{ access: string; refresh: string }> {
  const { access_token, refresh_token } = await readStored(sql);
  return {
    access: await seal.open(access_token, {
      ...ATHLETE,
      column: "access_token",
    }),
    refresh: await seal.open(refresh_token, {
      ...ATHLETE,
      column: "refresh_token",
    }),
  };
}

/** Sets the clock so that the access token expires after a time. */
export async function setTimeLeft(
  test: TestApp,
  milliseconds: number,
): Promise<void> {
  const { expires_at } = await readStored(test.deps.sql);
  test.clock.now = expires_at.getTime() - milliseconds;
  test.strava.clearRequests();
}

/** Counts the requests to Strava's token endpoint. */
export function countRefreshes({ strava }: TestApp): number {
  return strava.requests.filter(({ path }) => path === TOKEN).length;
}
