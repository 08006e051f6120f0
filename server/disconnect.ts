import { deleteAthlete, revokeAthlete } from "../db/athletes.ts";
import { lockSyncState } from "../db/sync_state.ts";
import type { Deps } from "./context.ts";
import { revokeGrant } from "./tokens.ts";

/**
 * Ends the connection: revokes the grant at Strava, then marks the athlete as gone or, with
 * `deleteData`, deletes every row of theirs in one transaction.
 *
 * The lock on the sync's row lets a page that is being stored end first. A run that goes on after
 * it finds its lease gone and writes nothing, in whatever process it runs.
 */
export async function disconnectAthlete(
  deps: Pick<Deps, "sql" | "strava" | "seal" | "log" | "now">,
  { athleteId, deleteData }: { athleteId: number; deleteData: boolean },
): Promise<{ revokedAtStrava: boolean }> {
  const revoked = await revokeGrant(deps, { athleteId });
  if (!deleteData) {
    await revokeAthlete(deps.sql, {
      id: athleteId,
      now: new Date(deps.now()),
    });
    return revoked;
  }
  await deps.sql.begin(async (sql) => {
    await lockSyncState(sql, { athleteId });
    await deleteAthlete(sql, { id: athleteId });
  });
  return revoked;
}
