import { setAthleteOwner } from "../../db/athlete_owners.ts";
import { lockConnecting, upsertAthlete } from "../../db/athletes.ts";
import { connect, type Pool } from "../../db/driver/client.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import { insertSyncState } from "../../db/sync_state.ts";
import { findUser } from "../../db/users.ts";
import { record } from "../../server/audit.ts";
import type { Config } from "../../server/config.ts";
import { createAthleteId } from "../../server/imports/activity_id.ts";
import { toText } from "../../server/imports/figures.ts";
import type { Terminal } from "../terminal.ts";

/** Creates an athlete without Strava and prints its id. Returns the exit code. */
export async function createAthleteFromShell(
  config: Config,
  { name, user, terminal: { say, print } }: {
    name: string;
    /** The owner. Default: the instance. */
    user?: string | undefined;
    terminal: Pick<Terminal, "say" | "print">;
  },
): Promise<number> {
  const firstname = toText(name);
  if (!firstname) {
    say("--name must not be blank");
    return 1;
  }
  const sql = connect(config.databaseUrl, { max: 1 });
  try {
    await prepareDatabase(sql, config);
    const owner = user === undefined
      ? undefined
      : await findUser(sql, { name: user });
    if (user !== undefined && !owner) {
      say(`There is no user "${user}"`);
      return 1;
    }
    print(String(await insertAthlete(sql, { firstname, userId: owner?.id })));
    return 0;
  } finally {
    await sql.end();
  }
}

/** Stores an athlete that a first import can fill. Returns its id. */
async function insertAthlete(
  pool: Pool,
  { firstname, userId }: { firstname: string; userId: string | undefined },
): Promise<number> {
  const id = createAthleteId();
  const now = new Date();
  await pool.begin(async (sql) => {
    // Two athletes must not both become the default of a user.
    await lockConnecting(sql);
    await upsertAthlete(sql, { id, profile: { firstname }, now });
    if (userId !== undefined) {
      await setAthleteOwner(sql, { id, userId, visibility: "private" });
    }
    await insertSyncState(sql, { athleteId: id, now });
    await record({ sql, now: Date.now }, "athlete_connected", {
      userId,
      athleteId: id,
      detail: { by: "shell" },
    });
  });
  return id;
}
