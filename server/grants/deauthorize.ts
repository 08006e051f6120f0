import { lockAthleteOwner } from "../../db/athlete_owners.ts";
import {
  deleteAthlete,
  listAthletesToDelete,
  revokeAthlete,
} from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import { deleteGrant, getGrant } from "../../db/grants.ts";
import { interruptSync, lockSyncState } from "../../db/sync_state.ts";
import { record } from "../audit.ts";
import type { Deps } from "../context.ts";
import { StravaError } from "../strava/errors.ts";
import { getAccessToken } from "./grants.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * What came of the news that an athlete has withdrawn the permission:
 * - `deauthorized`: it is so; the tokens are gone, and the data as `ON_DEAUTHORIZE` says;
 * - `authorized`: Strava still takes the grant, or there is a new one;
 * - `ignored`: there is no grant here, so nothing to end.
 */
export type Deauthorized = "deauthorized" | "authorized" | "ignored";

/**
 * Asks Strava whether it still takes the athlete's grant, by a refresh, and ends it here where it
 * does not. Only Strava's refusal counts.
 *
 * @throws {StravaError} Where Strava gave no answer that decides it.
 */
export async function checkDeauthorization(
  deps: Deps,
  { athleteId, settle }: {
    athleteId: number;
    /** Runs first in the transaction that ends the grant; what it throws undoes both. */
    settle: (sql: Sql) => Promise<void>;
  },
): Promise<Deauthorized> {
  const refused = await getGrant(deps.sql, { athleteId });
  if (!refused) return "ignored";
  // A dead grant is one that Strava has refused before.
  const isConfirmed = refused.deadSince !== null ||
    await isRefused(deps, athleteId);
  if (!isConfirmed) return "authorized";
  return await deps.sql.begin(async (sql) => {
    await lockSyncState(sql, { athleteId });
    const grant = await getGrant(sql, { athleteId, lock: true });
    if (!grant) return "ignored";
    // Each sealed text is unlike any other: the athlete has connected again meanwhile.
    if (grant.refreshToken !== refused.refreshToken) return "authorized";
    await settle(sql);
    await endGrant(sql, deps, { athleteId });
    return "deauthorized";
  });
}

async function isRefused(deps: Deps, athleteId: number): Promise<boolean> {
  try {
    const current = await getAccessToken(deps, { athleteId });
    // A token that is still good would be handed out without asking Strava.
    await getAccessToken(deps, { athleteId, rejected: current });
    return false;
  } catch (error) {
    const isRefusal = error instanceof StravaError &&
      error.kind === "unauthorized" &&
      (error.status === 400 || error.status === 401);
    if (isRefusal) return true;
    throw error;
  }
}

async function endGrant(
  sql: Sql,
  { config, now, log }: Deps,
  { athleteId }: { athleteId: number },
): Promise<void> {
  const { onDeauthorize, deauthorizeGraceDays: days } = config;
  const owner = await lockAthleteOwner(sql, { id: athleteId });
  const event = { userId: owner?.userId, athleteId, detail: { by: "strava" } };
  if (onDeauthorize === "delete" && days === 0) {
    await deleteAthlete(sql, { id: athleteId });
    await record({ sql, now }, "athlete_deleted", event);
    log.warning(
      "Athlete {athleteId} has withdrawn the permission: all data is deleted",
      { athleteId },
    );
    return;
  }
  const leftAt = new Date(now());
  const deleteAt = onDeauthorize === "delete"
    ? new Date(now() + days * DAY_MS)
    : null;
  await deleteGrant(sql, { athleteId });
  await interruptSync(sql, { athleteId, now: leftAt });
  await revokeAthlete(sql, { id: athleteId, deleteAt, now: leftAt });
  await record({ sql, now }, "athlete_disconnected", event);
  log.warning(
    deleteAt
      ? "Athlete {athleteId} has withdrawn the permission: the data goes at {deleteAt}"
      : "Athlete {athleteId} has withdrawn the permission: the data stays",
    { athleteId, deleteAt },
  );
}

/** Deletes the data of athletes who have left and whose days of grace are over. */
export async function deleteLeftAthletes(
  { sql: pool, log, now }: Pick<Deps, "sql" | "log" | "now">,
): Promise<void> {
  const due = { now: new Date(now()) };
  for (const athleteId of await listAthletesToDelete(pool, due)) {
    await pool.begin(async (sql) => {
      await lockSyncState(sql, { athleteId });
      // Who has connected again at the last moment is not among them any more.
      const athletes = await listAthletesToDelete(sql, due);
      if (!athletes.includes(athleteId)) return;
      const owner = await lockAthleteOwner(sql, { id: athleteId });
      await deleteAthlete(sql, { id: athleteId });
      await record({ sql, now }, "athlete_deleted", {
        userId: owner?.userId,
        athleteId,
        detail: { by: "strava" },
      });
      log.warning("The data of athlete {athleteId}, who has left, is deleted", {
        athleteId,
      });
    });
  }
}
