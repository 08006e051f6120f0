import { lockAthleteOwner, setAthleteOwner } from "../../db/athlete_owners.ts";
import {
  hasOtherAthlete,
  lockConnecting,
  upsertAthlete,
} from "../../db/athletes.ts";
import { lockSessionUser } from "../../db/sessions.ts";
import type { Sql } from "../../db/driver/client.ts";
import { getGrant } from "../../db/grants.ts";
import { insertSyncState, lockSyncState } from "../../db/sync_state.ts";
import { record } from "../audit.ts";
import type { Context } from "../context.ts";
import type { TokenExchange } from "../strava/schemas.ts";
import { storeGrant } from "../grants/grants.ts";

/** Why an athlete may not be connected. */
export type Refusal =
  | "athlete_not_allowed"
  | "athlete_taken"
  | "session_expired";

/** An athlete who has consented at Strava, and in whose session; in none for the instance's own. */
export interface Connection {
  exchange: TokenExchange;
  scopes: string[];
  session: string | undefined;
}

/** Stores athlete, grant and owner together, or nothing and why not. */
export async function storeConnection(
  ctx: Context,
  { exchange, scopes, session }: Connection,
): Promise<Refusal | undefined> {
  const { athlete } = exchange;
  const { id } = athlete;
  const now = new Date(ctx.now());
  return await ctx.sql.begin(async (sql) => {
    await lockConnecting(sql);
    await lockSyncState(sql, { athleteId: id });
    const user = session && await lockSessionUser(sql, { id: session, now });
    if (session && !user) return "session_expired";
    if (!await isAllowed(sql, ctx, id)) return "athlete_not_allowed";
    const known = await lockAthleteOwner(sql, { id });
    if (known && !mayConnect(known, user || undefined)) return "athlete_taken";
    await upsertAthlete(sql, { id, profile: athlete, now });
    if (user) {
      // Who takes over the instance's own athlete leaves it as visible as it was.
      const visibility = known ? null : "private";
      await setAthleteOwner(sql, { id, userId: user.id, visibility });
    }
    const grant = {
      athleteId: id,
      accessToken: exchange.access_token,
      refreshToken: exchange.refresh_token,
      expiresAt: new Date(exchange.expires_at * 1000),
      scopes,
    };
    await storeGrant(sql, { grant, seal: ctx.seal, now });
    await insertSyncState(sql, { athleteId: id, now });
    await record({ ...ctx, sql }, "athlete_connected", {
      userId: user ? user.id : undefined,
      sessionId: session,
      athleteId: id,
      detail: { again: known !== undefined },
    });
    return undefined;
  });
}

/** With "first" the instance has one athlete, whoever it belongs to; ids allow more. */
async function isAllowed(
  sql: Sql,
  { config: { allowedAthletes } }: Context,
  id: number,
): Promise<boolean> {
  return allowedAthletes === "first"
    ? !await hasOtherAthlete(sql, { id })
    : allowedAthletes.includes(id);
}

/**
 * Whether an athlete who is known here may connect again: in a session of their owner, without one
 * if they have none. An administrator may make the instance's own athlete theirs.
 */
function mayConnect(
  { userId }: { userId: string | null },
  user: { id: string; role: "member" | "admin" } | undefined,
): boolean {
  if (userId !== null) return userId === user?.id;
  return user === undefined || user.role === "admin";
}

/** Gives a grant that is not wanted back, so that nothing half-connected is left at Strava. */
export async function forgetExchange(
  ctx: Context,
  { athlete, refresh_token }: TokenExchange,
): Promise<void> {
  // Revoking ends all of an athlete's tokens: one who is connected would lose the good grant.
  if (await getGrant(ctx.sql, { athleteId: athlete.id })) return;
  await ctx.strava.revokeToken(refresh_token).catch((cause) => {
    ctx.log.warning("Could not give a grant back to Strava", { cause });
  });
}
