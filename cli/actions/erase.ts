import { listUserAthletes } from "../../db/athlete_owners.ts";
import type { AthleteStatus } from "../../db/athlete_status.ts";
import { findUser, isLastAdmin } from "../../db/users.ts";
import { prepareDatabase } from "../../db/prepare.ts";
import { deleteAccount } from "../../server/accounts/account_deletion.ts";
import { chooseAthlete } from "./choose_athlete.ts";
import type { Config } from "../../server/config.ts";
import type { Deps } from "../../server/context.ts";
import { openDeps } from "../../server/deps.ts";
import { disconnectAthlete } from "../../server/grants/disconnect.ts";
import type { Terminal } from "../terminal.ts";

/** Strava's page where an athlete revokes the access of applications. */
const APPS_URL = "https://www.strava.com/settings/apps";

/** Owner of the data to erase, and the confirmation: this cannot be undone. */
export interface EraseOptions extends Pick<Terminal, "ask" | "say"> {
  athleteId: number | undefined;
  /** A username or e-mail address: erases the account and all its athletes. */
  user?: string | undefined;
  /** Skips the confirmation. */
  yes: boolean;
}

/**
 * Revokes the access at Strava and deletes all data of an athlete or a user, after confirmation.
 * Returns the exit code.
 */
export async function eraseFromShell(
  config: Config,
  { user, ...options }: EraseOptions,
): Promise<number> {
  await using deps = await openDeps(config);
  await prepareDatabase(deps.sql, config);
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
    `Athlete ${id}, ${name}: ${athlete.activities} activities and all other data ` +
      "will be deleted permanently.",
  );
  const refusal = yes ? undefined : confirm([name, String(id)], ask);
  if (refusal) {
    say(refusal);
    return 1;
  }
  const { revokedAtStrava } = await disconnectAthlete(deps, {
    athleteId: id,
    deleteData: true,
  });
  say(`All data of athlete ${id} is deleted.`);
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
    `User ${username}, ${email}: the account, ${
      toAthleteList(athletes)
    } and all ` +
      "other data will be deleted permanently.",
  );
  if (await isLastAdmin(deps.sql, { id: userId })) {
    say(
      "This is the only administrator: afterwards, only INTERNAL_API_KEY and these commands can manage the others.",
    );
  }
  const refusal = yes ? undefined : confirm([username], ask);
  if (refusal) {
    say(refusal);
    return 1;
  }
  const erased = await deleteAccount(deps, {
    userId,
    by: "shell",
    evenLastAdmin: true,
  });
  if ("refusal" in erased) throw new Error("The account was not deleted");
  say(`All data of user ${username} is deleted.`);
  for (const { id, revokedAtStrava } of erased.athletes) {
    say(
      `Athlete ${id}: ` +
        (revokedAtStrava
          ? "the access at Strava is revoked."
          : `check at ${APPS_URL} whether Strava still lists Paceline, and revoke the access there.`),
    );
  }
  return 0;
}

function toAthleteList(athletes: readonly number[]): string {
  if (athletes.length === 0) return "no athletes";
  return athletes.length === 1
    ? `athlete ${athletes[0]}`
    : `athletes ${athletes.join(", ")}`;
}

/** Returns why nothing may be erased; `undefined` after one of the names was typed. */
function confirm(
  names: readonly string[],
  ask: EraseOptions["ask"],
): string | undefined {
  if (!ask) {
    return "Nothing was deleted: there is no terminal to confirm at. Add --yes to skip the confirmation";
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
  if (revokedAtStrava) return "The access at Strava is revoked.";
  const reason = scopes
    ? "Strava did not confirm that the access is revoked"
    : "Paceline had no tokens left to revoke the access at Strava";
  return `${reason}: the athlete can check and revoke it at ${APPS_URL}`;
}
