import { listUserAthletes } from "../../db/athlete_owners.ts";
import { deleteUserAuditEvents } from "../../db/audit_events.ts";
import type { Sql } from "../../db/driver/client.ts";
import {
  deleteUser,
  demoteToMember,
  isLastAdmin,
  lockAdmins,
  lockUser,
} from "../../db/users.ts";
import { record } from "../audit.ts";
import type { Deps } from "../context.ts";
import { disconnectAthlete } from "../grants/disconnect.ts";

/** An athlete deleted with its account. */
export interface DeletedAthlete {
  id: number;
  revokedAtStrava: boolean;
}

type DeletionDeps = Pick<Deps, "sql" | "strava" | "seal" | "log" | "now">;

/**
 * Deletes an account and all its data: revokes each athlete's grant at Strava and deletes the
 * athlete's rows, then deletes the user with the sessions, API keys and password, and the audit events. One
 * audit event without an address remains as proof of the deletion.
 *
 * The user's row is deleted after the athletes, so that an interrupted deletion can be repeated, even from the same
 * session. The only active administrator cannot be deleted while there are other users, unless
 * `evenLastAdmin` is set.
 */
export async function deleteAccount(
  deps: DeletionDeps,
  { userId, by, evenLastAdmin = false }: {
    userId: string;
    by: "user" | "shell";
    evenLastAdmin?: boolean;
  },
): Promise<{ refusal: "last_admin" } | { athletes: DeletedAthlete[] }> {
  const isAllowed = await deps.sql.begin((sql) =>
    prepareDeletion(sql, { userId, evenLastAdmin })
  );
  if (!isAllowed) return { refusal: "last_admin" };
  const athletes: DeletedAthlete[] = [];
  let isDeleted = false;
  while (!isDeleted) {
    for (const id of await listUserAthletes(deps.sql, { userId })) {
      const done = await disconnectAthlete(deps, {
        athleteId: id,
        deleteData: true,
      });
      athletes.push({ id, ...done });
    }
    isDeleted = await deps.sql.begin((sql) =>
      finishDeletion({ ...deps, sql }, { userId, by })
    );
  }
  return { athletes };
}

/**
 * Reports whether the account may be deleted. An administrator is demoted first: if the last two
 * administrators leave at once, the second is refused before any of its data is deleted.
 */
async function prepareDeletion(
  sql: Sql,
  { userId, evenLastAdmin }: { userId: string; evenLastAdmin: boolean },
): Promise<boolean> {
  await lockAdmins(sql);
  if (!evenLastAdmin && await isLastAdmin(sql, { id: userId })) return false;
  await demoteToMember(sql, { id: userId });
  return true;
}

/** Deletes the user and the rest; returns `false` if an athlete has been connected since. */
async function finishDeletion(
  { sql, now }: { sql: Sql; now: () => number },
  { userId, by }: { userId: string; by: string },
): Promise<boolean> {
  // A concurrent connection of an athlete waits for this lock and then finds no user.
  if (!await lockUser(sql, { id: userId })) return true;
  const athletes = await listUserAthletes(sql, { userId });
  if (athletes.length > 0) return false;
  await deleteUser(sql, { id: userId });
  await deleteUserAuditEvents(sql, { userId });
  await record({ sql, now }, "account_deleted", { userId, detail: { by } });
  return true;
}
