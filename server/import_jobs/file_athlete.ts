import { listOwnedAthletes, setAthleteOwner } from "../../db/athlete_owners.ts";
import { lockConnecting, upsertAthlete } from "../../db/athletes.ts";
import type { Pool } from "../../db/driver/client.ts";
import { insertSyncState } from "../../db/sync_state.ts";
import { type AuditContext, record } from "../audit.ts";
import { createAthleteId } from "../imports/activity_id.ts";

/** Stores an athlete without Strava that a first import can fill. Returns its id. */
export async function createFileAthlete(
  { sql: pool, ...ctx }: Omit<AuditContext, "sql"> & { sql: Pool },
  { firstname, userId, by, isFirst = false }: {
    firstname: string;
    /** The owner. Default: the instance. */
    userId: string | undefined;
    /** The origin, for the audit log. */
    by: "shell" | "import";
    /** Whether to return the user's athlete instead if there is one. */
    isFirst?: boolean;
  },
): Promise<number> {
  const id = createAthleteId();
  const now = new Date(ctx.now());
  return await pool.begin(async (sql) => {
    // Two athletes must not both become the default of a user.
    await lockConnecting(sql);
    if (isFirst && userId !== undefined) {
      const [other] = await listOwnedAthletes(sql, { userId });
      if (other) return other.id;
    }
    await upsertAthlete(sql, { id, profile: { firstname }, now });
    if (userId !== undefined) {
      await setAthleteOwner(sql, { id, userId, visibility: "private" });
    }
    await insertSyncState(sql, { athleteId: id, now });
    await record({ ...ctx, sql }, "athlete_connected", {
      userId,
      athleteId: id,
      detail: { by },
    });
    return id;
  });
}
