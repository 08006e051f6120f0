import { connect } from "../../db/driver/client.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import { findUser } from "../../db/users.ts";
import type { Config } from "../../server/config.ts";
import { createFileAthlete } from "../../server/import_jobs/file_athlete.ts";
import { toText } from "../../server/imports/text.ts";
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
    const id = await createFileAthlete({ sql, now: Date.now }, {
      firstname,
      userId: owner?.id,
      by: "shell",
    });
    print(String(id));
    return 0;
  } finally {
    await sql.end();
  }
}
