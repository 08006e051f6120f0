import { deleteAthlete, revokeAthlete } from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import { lockSyncState } from "../../db/sync_state.ts";
import type { Deps } from "../context.ts";
import { revokeGrant } from "./grants.ts";

/**
 * Ends the connection: revokes the grant at Strava, then marks the athlete as gone or, with
 * `deleteData`, deletes every row of theirs in one transaction.
 *
 * The lock on the sync's row lets a page that is being stored end first. A run that goes on after
 * it finds its lease gone and writes nothing, in whatever process it runs. `settle` runs in the
 * transaction that ends it here.
 */
export async function disconnectAthlete(
  deps: Pick<Deps, "sql" | "strava" | "seal" | "log" | "now">,
  { athleteId, deleteData, settle = async () => {} }: {
    athleteId: number;
    deleteData: boolean;
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
