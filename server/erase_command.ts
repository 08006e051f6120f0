import type { AthleteStatus } from "../db/athletes.ts";
import { migrate } from "../db/migrate.ts";
import { reachDatabase } from "../db/reach.ts";
import { chooseAthlete } from "./choose_athlete.ts";
import type { Config } from "./config.ts";
import { openDeps } from "./deps.ts";
import { disconnectAthlete } from "./disconnect.ts";

/** Where an athlete ends the grants of applications. */
const APPS_URL = "https://www.strava.com/settings/apps";

/** What a command that cannot be undone is told, and tells. */
export interface EraseOptions {
  athleteId: number | undefined;
  /** Nobody is asked. */
  yes: boolean;
  /** Asks at the terminal; `undefined` where there is none. */
  ask: ((question: string) => string | null) | undefined;
  say: (line: string) => void;
}

/** Ends the grant at Strava and deletes everything of the athlete, once confirmed; returns the exit code. */
export async function eraseFromShell(
  config: Config,
  { athleteId, yes, ask, say }: EraseOptions,
): Promise<number> {
  await using deps = await openDeps(config);
  await reachDatabase(deps.sql);
  await migrate(deps.sql);
  const athlete = await chooseAthlete(deps.sql, { athleteId });
  if ("problem" in athlete) {
    say(athlete.problem);
    return 1;
  }
  const { id, name } = athlete;
  say(
    `Athlete ${id}, ${name}: ${athlete.activities} activities and all else that is kept of them ` +
      "will be deleted, for good.",
  );
  if (!yes) {
    const refusal = confirm(athlete, ask);
    if (refusal) {
      say(refusal);
      return 1;
    }
  }
  const { revokedAtStrava } = await disconnectAthlete(deps, {
    athleteId: id,
    deleteData: true,
  });
  say(`Everything of athlete ${id} is deleted here.`);
  say(toGrantSentence(athlete, revokedAtStrava));
  return 0;
}

/** Why nothing is to be erased; `undefined` where the name or the id was typed. */
function confirm(
  { id, name }: AthleteStatus,
  ask: EraseOptions["ask"],
): string | undefined {
  if (!ask) {
    return "Nothing was deleted: there is no terminal to ask at. Add --yes where you are sure";
  }
  const answer = ask(`To confirm, type ${name ? `"${name}" or ` : ""}${id}:`)
    ?.trim();
  return answer === String(id) || (name !== "" && answer === name)
    ? undefined
    : "Nothing was deleted.";
}

function toGrantSentence(
  { scopes }: AthleteStatus,
  revokedAtStrava: boolean,
): string {
  if (revokedAtStrava) return "The grant at Strava is revoked.";
  const reason = scopes
    ? "Strava could not be told to end the grant"
    : "There were no tokens any more with which to end a grant at Strava";
  return `${reason}: the athlete sees whether it is there, and ends it, at ${APPS_URL}`;
}
