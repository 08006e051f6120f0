import { lockAthleteOwner, setAthleteOwner } from "../../db/athlete_owners.ts";
import {
  hasOtherAthlete,
  lockConnecting,
  upsertAthlete,
} from "../../db/athletes.ts";
import {
  lockOnlyFileAthlete,
  moveAthlete,
} from "../../db/imports/move_athlete.ts";
import { lockSessionUser } from "../../db/sessions.ts";
import type { Sql } from "../../db/driver/client.ts";
import { getGrant } from "../../db/grants.ts";
import { insertSyncState, lockSyncState } from "../../db/sync_state.ts";
import { storeStravaValues } from "../athlete_values/change_values.ts";
import { record } from "../audit.ts";
import type { Context } from "../context.ts";
import type { TokenExchange } from "../strava/schemas.ts";
import { storeGrant } from "../grants/grants.ts";

/** Reason why an athlete may not be connected. */
export type ConnectionRefusal =
  | "athlete_not_allowed"
  | "athlete_taken"
  | "session_expired";

/** The consent of an athlete at Strava. */
export interface Connection {
  exchange: TokenExchange;
  scopes: string[];
  /** The session that connects the athlete, or `undefined` for the instance's own athlete. */
  sessionId: string | undefined;
}

/**
 * Stores the athlete, the grant and the owner in one transaction. If that is refused or fails, revokes
 * the new grant at Strava. Returns the reason of a refusal.
 */
export async function storeConnection(
  ctx: Context,
  connection: Connection,
): Promise<ConnectionRefusal | undefined> {
  const { exchange } = connection;
  let refusal: ConnectionRefusal | undefined;
  try {
    refusal = await insertConnection(ctx, connection);
  } catch (cause) {
    await revokeUnusedGrant(ctx, exchange).catch(() => {});
    throw cause;
  }
  if (refusal) await revokeUnusedGrant(ctx, exchange);
  return refusal;
}

/** Stores the athlete, the grant and the owner, or returns the reason of a refusal. */
async function insertConnection(
  ctx: Context,
  { exchange, scopes, sessionId }: Connection,
): Promise<ConnectionRefusal | undefined> {
  const { athlete } = exchange;
  const { id } = athlete;
  const now = new Date(ctx.now());
  return await ctx.sql.begin(async (sql) => {
    await lockConnecting(sql);
    await lockSyncState(sql, { athleteId: id });
    const user = sessionId
      ? await lockSessionUser(sql, { id: sessionId, now })
      : undefined;
    if (sessionId && !user) return "session_expired";
    if (!await isAllowed(sql, ctx, id)) return "athlete_not_allowed";
    const known = await lockAthleteOwner(sql, { id });
    const filesOf = known
      ? undefined
      : await lockOnlyFileAthlete(sql, { userId: user?.id ?? null });
    if (known && !mayConnect(known, user)) return "athlete_taken";
    await upsertAthlete(sql, { id, profile: athlete, now });
    if (user) {
      // An administrator who takes over the instance's own athlete does not change its visibility.
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
    // The owner had only files so far: they are of the same person.
    if (filesOf) await moveAthlete(sql, { from: filesOf, to: id });
    await storeStravaValues(sql, { athleteId: id, profile: athlete, now });
    await record({ ...ctx, sql }, "athlete_connected", {
      userId: user?.id,
      sessionId,
      athleteId: id,
      detail: {
        again: known !== undefined,
        ...filesOf && { files_of: filesOf },
      },
    });
    return undefined;
  });
}

/** Reports whether `ALLOWED_ATHLETES` allows the athlete: by id, or with "first" as the only one. */
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
 * Reports whether a known athlete may connect again. An athlete with an owner needs a session of that
 * owner. The instance's own athlete needs no session, and an administrator may take it over.
 */
function mayConnect(
  { userId }: { userId: string | null },
  user: { id: string; role: "member" | "admin" } | undefined,
): boolean {
  if (userId !== null) return userId === user?.id;
  return user === undefined || user.role === "admin";
}

/**
 * Revokes a new grant that is not stored, so that Strava does not list Paceline as connected. Does
 * nothing if the athlete is connected: revoking ends all tokens of an athlete, the stored ones too.
 */
export async function revokeUnusedGrant(
  ctx: Context,
  { athlete, refresh_token }: TokenExchange,
): Promise<void> {
  if (await getGrant(ctx.sql, { athleteId: athlete.id })) return;
  await ctx.strava.revokeToken(refresh_token).catch((cause) => {
    ctx.log.warning("Could not revoke an unused grant at Strava", { cause });
  });
}
