import { lockAthleteOwner } from "../../db/athlete_owners.ts";
import {
  deleteAthlete,
  listAthletesToDelete,
  revokeAthlete,
} from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import { deleteGrant, getGrant } from "../../db/grants.ts";
import { interruptSync, lockSyncState } from "../../db/sync_state.ts";
import {
  deleteStravaRows,
  listStravaActivitiesWithFiles,
} from "../../db/imports/strava_rows.ts";
import { hasRecordings } from "../../db/imports/recordings.ts";
import { releaseFiles } from "../imports/join_files.ts";
import { record } from "../audit.ts";
import { type Deps, forEachAthlete } from "../context.ts";
import { StravaError } from "../strava/errors.ts";
import { getAccessToken } from "./token_refresh.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * The result of checking an event that says that an athlete has withdrawn the permission:
 * - `deauthorized`: Strava confirms it; the tokens are deleted, and the data as `ON_DEAUTHORIZE` says
 * - `authorized`: Strava still accepts the grant, or there is a new one
 * - `ignored`: there is no grant to end
 */
export type DeauthorizationResult = "deauthorized" | "authorized" | "ignored";

/**
 * Checks with a refresh whether Strava still accepts the athlete's grant, and ends the grant here if
 * Strava refuses it. The event itself proves nothing.
 *
 * @throws {StravaError} If Strava neither accepts nor refuses the grant.
 */
export async function checkDeauthorization(
  deps: Deps,
  { athleteId, settle }: {
    athleteId: number;
    /** Runs first in the transaction that ends the grant. An error rolls both back. */
    settle: (sql: Sql) => Promise<void>;
  },
): Promise<DeauthorizationResult> {
  const checked = await getGrant(deps.sql, { athleteId });
  if (!checked) return "ignored";
  // Strava has refused a dead grant before.
  const isConfirmed = checked.deadSince !== null ||
    await isRefused(deps, athleteId);
  if (!isConfirmed) return "authorized";
  return await deps.sql.begin(async (sql) => {
    await lockSyncState(sql, { athleteId });
    const grant = await getGrant(sql, { athleteId, lock: true });
    if (!grant) return "ignored";
    // No two sealed texts are equal, so a different one means that the athlete has connected again.
    if (grant.refreshToken !== checked.refreshToken) return "authorized";
    await settle(sql);
    await endConnection(sql, deps, { athleteId });
    return "deauthorized";
  });
}

/** Reports whether Strava refuses the athlete's grant. */
async function isRefused(deps: Deps, athleteId: number): Promise<boolean> {
  try {
    const current = await getAccessToken(deps, { athleteId });
    // Without `rejectedToken`, a valid token would be returned without a request to Strava.
    await getAccessToken(deps, { athleteId, rejectedToken: current });
    return false;
  } catch (error) {
    const isRefusal = error instanceof StravaError &&
      error.kind === "unauthorized" &&
      (error.status === 400 || error.status === 401);
    if (isRefusal) return true;
    throw error;
  }
}

/** Deletes the grant, and the data as `ON_DEAUTHORIZE` and `DEAUTHORIZE_GRACE_DAYS` say. */
async function endConnection(
  sql: Sql,
  { config, now, log }: Deps,
  { athleteId }: { athleteId: number },
): Promise<void> {
  const { onDeauthorize, deauthorizeGraceDays: days } = config;
  const owner = await lockAthleteOwner(sql, { id: athleteId });
  const event = { userId: owner?.userId, athleteId, detail: { by: "strava" } };
  if (onDeauthorize === "delete" && days === 0) {
    await deleteStravaData(sql, { athleteId, now: new Date(now()) });
    await record({ sql, now }, "athlete_deleted", event);
    log.warning(
      "Athlete {athleteId} has withdrawn the permission: deleted all data",
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
      ? "Athlete {athleteId} has withdrawn the permission: the data will be deleted at {deleteAt}"
      : "Athlete {athleteId} has withdrawn the permission: the data is kept",
    { athleteId, deleteAt },
  );
}

/**
 * Deletes what came from Strava: the athlete with all rows or, if there are imported files, everything
 * that is not from them. The athlete then stays, disconnected.
 */
async function deleteStravaData(
  sql: Sql,
  { athleteId, now }: { athleteId: number; now: Date },
): Promise<void> {
  if (!await hasRecordings(sql, { athleteId })) {
    return await deleteAthlete(sql, { id: athleteId });
  }
  const ids = await listStravaActivitiesWithFiles(sql, { athleteId });
  await releaseFiles(sql, { athleteId, ids, now });
  await deleteGrant(sql, { athleteId });
  await interruptSync(sql, { athleteId, now });
  await deleteStravaRows(sql, { athleteId });
  await revokeAthlete(sql, { id: athleteId, now });
}

/** Deletes the data of athletes who have withdrawn the permission and whose grace period is over. */
export async function deleteDeauthorizedAthletes(
  deps: Pick<Deps, "sql" | "log" | "now" | "background">,
): Promise<void> {
  const { sql: pool, log, now } = deps;
  const due = { now: new Date(now()) };
  await forEachAthlete(deps, await listAthletesToDelete(pool, due), {
    task: "delete the data",
    work: deleteOne,
  });

  async function deleteOne(athleteId: number): Promise<void> {
    await pool.begin(async (sql) => {
      await lockSyncState(sql, { athleteId });
      // The athlete may have connected again since the first query.
      const athletes = await listAthletesToDelete(sql, due);
      if (!athletes.includes(athleteId)) return;
      const owner = await lockAthleteOwner(sql, { id: athleteId });
      await deleteStravaData(sql, { athleteId, now: new Date(now()) });
      await record({ sql, now }, "athlete_deleted", {
        userId: owner?.userId,
        athleteId,
        detail: { by: "strava" },
      });
      log.warning(
        "Deleted the data of athlete {athleteId}: grace period over",
        {
          athleteId,
        },
      );
    });
  }
}
