import { isLastAdmin, listUserAthletes } from "../db/accounts.ts";
import type { AthleteStatus } from "../db/athletes.ts";
import { migrate } from "../db/migrate.ts";
import { reachDatabase } from "../db/driver/reach.ts";
import { findUser } from "../db/users.ts";
import { eraseAccount } from "../server/accounts/erasure.ts";
import { chooseAthlete } from "./choose_athlete.ts";
import type { Config } from "../server/config.ts";
import type { Deps } from "../server/context.ts";
import { openDeps } from "../server/deps.ts";
import { disconnectAthlete } from "../server/grants/disconnect.ts";

/** Where an athlete ends the grants of applications. */
const APPS_URL = "https://www.strava.com/settings/apps";

/** What a command that cannot be undone is told, and tells. */
export interface EraseOptions {
  athleteId: number | undefined;
  /** A user's name or e-mail address: the account goes, with all athletes of theirs. */
  user?: string | undefined;
  /** Nobody is asked. */
  yes: boolean;
  /** Asks at the terminal; `undefined` where there is none. */
  ask: ((question: string) => string | null) | undefined;
  say: (line: string) => void;
}

/** Ends grants at Strava and deletes everything of an athlete or a user, once confirmed; returns the exit code. */
export async function eraseFromShell(
  config: Config,
  { user, ...options }: EraseOptions,
): Promise<number> {
  await using deps = await openDeps(config);
  await reachDatabase(deps.sql);
  await migrate(deps.sql);
  return await (user === undefined
    ? eraseAthlete(deps, options)
    : eraseUser(deps, { ...options, user }));
}

async function eraseAthlete(
  deps: Deps,
  { athleteId, yes, ask, say }: Omit<EraseOptions, "user">,
): Promise<number> {
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
    const refusal = confirm([name, String(id)], ask);
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

async function eraseUser(
  deps: Deps,
  { user, yes, ask, say }: Omit<EraseOptions, "athleteId"> & { user: string },
): Promise<number> {
  const account = await findUser(deps.sql, { name: user });
  if (!account) {
    say(`There is no user "${user}"`);
    return 1;
  }
  const { id: userId, username, email } = account;
  const athletes = await listUserAthletes(deps.sql, { userId });
  say(
    `User ${username}, ${email}: the account, ${describe(athletes)}, and all ` +
      "else that is kept of them will be deleted, for good.",
  );
  if (await isLastAdmin(deps.sql, { id: userId })) {
    say(
      "It is the only administrator: the others are left with INTERNAL_API_KEY and the shell.",
    );
  }
  if (!yes) {
    const refusal = confirm([username], ask);
    if (refusal) {
      say(refusal);
      return 1;
    }
  }
  const erased = await eraseAccount(deps, {
    userId,
    by: "shell",
    evenLastAdmin: true,
  });
  if ("refusal" in erased) throw new Error("The account was not deleted");
  say(`Everything of user ${username} is deleted here.`);
  for (const { id, revokedAtStrava } of erased.athletes) {
    say(
      `Athlete ${id}: ` +
        (revokedAtStrava
          ? "the grant at Strava is revoked."
          : `a grant at Strava that is still there is ended at ${APPS_URL}`),
    );
  }
  return 0;
}

function describe(athletes: readonly number[]): string {
  if (athletes.length === 0) return "which has no athletes";
  return athletes.length === 1
    ? `athlete ${athletes[0]}`
    : `athletes ${athletes.join(", ")}`;
}

/** Why nothing is to be erased; `undefined` where one of the names was typed. */
function confirm(
  names: readonly string[],
  ask: EraseOptions["ask"],
): string | undefined {
  if (!ask) {
    return "Nothing was deleted: there is no terminal to ask at. Add --yes where you are sure";
  }
  const known = names.filter((name) => name !== "");
  const last = known.at(-1)!;
  const others = known.slice(0, -1).map((name) => `"${name}" or `).join("");
  const answer = ask(`To confirm, type ${others}${last}:`)?.trim();
  return answer !== undefined && known.includes(answer)
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
