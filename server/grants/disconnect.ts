import { deleteAthlete, revokeAthlete } from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import type { Deps } from "../context.ts";
import { revokeGrant } from "./grants.ts";

/**
 * Disconnects an athlete: revokes the grant at Strava, then marks the athlete as disconnected or, with
 * `deleteData`, deletes all of the athlete's rows in one transaction.
 *
 * The lock on the row of the sync state waits until a page that is being stored is committed. A run
 * that continues afterwards finds its lease gone and writes nothing, in this and any other process.
 */
export async function disconnectAthlete(
  deps: Pick<Deps, "sql" | "strava" | "seal" | "log" | "now">,
  { athleteId, deleteData, settle = async () => {} }: {
    athleteId: number;
    deleteData: boolean;
    /** Runs last in the same transaction. An error rolls both back. */
    settle?: (sql: Sql) => Promise<void>;
  },
): Promise<{ revokedAtStrava: boolean }> {
  const revoked = await revokeGrant(deps, { athleteId });
  const now = new Date(deps.now());
  await deps.sql.begin(async (sql) => {
    if (deleteData) {
      await lockSyncState(sql, { athleteId });
      await deleteAthlete(sql, { id: athleteId });
    } else await revokeAthlete(sql, { id: athleteId, now });
    await settle(sql);
  });
  return revoked;
}
