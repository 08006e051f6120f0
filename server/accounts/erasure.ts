import {
  deleteUser,
  isLastAdmin,
  listUserAthletes,
  lockAdmins,
  lockUser,
  stepDown,
} from "../../db/accounts.ts";
import { deleteUserAuditEvents } from "../../db/audit_events.ts";
import type { Sql } from "../../db/driver/client.ts";
import { record } from "../audit.ts";
import type { Deps } from "../context.ts";
import { disconnectAthlete } from "../grants/disconnect.ts";

/** What became of an account's athletes. */
export interface ErasedAthlete {
  id: number;
  revokedAtStrava: boolean;
}

type ErasureDeps = Pick<Deps, "sql" | "strava" | "seal" | "log" | "now">;

/**
 * Deletes an account and everything of it: ends each athlete's grant at Strava and deletes their
 * rows, then sessions, keys, password, records of the audit, and the user. One record without
 * address says that it was.
 *
 * The user's row goes last, so that a run that was cut off can be repeated, by the same login too.
 * Who administers the instance alone keeps the account as long as there are others, unless
 * `evenLastAdmin`.
 */
export async function eraseAccount(
  deps: ErasureDeps,
  { userId, by, evenLastAdmin = false }: {
    userId: string;
    by: "user" | "shell";
    evenLastAdmin?: boolean;
  },
): Promise<{ refusal: "last_admin" } | { athletes: ErasedAthlete[] }> {
  const isFree = await deps.sql.begin((sql) =>
    resign(sql, { userId, evenLastAdmin })
  );
  if (!isFree) return { refusal: "last_admin" };
  const athletes: ErasedAthlete[] = [];
  let isGone = false;
  while (!isGone) {
    for (const id of await listUserAthletes(deps.sql, { userId })) {
      const done = await disconnectAthlete(deps, {
        athleteId: id,
        deleteData: true,
      });
      athletes.push({ id, ...done });
    }
    isGone = await deps.sql.begin((sql) =>
      finish({ ...deps, sql }, { userId, by })
    );
  }
  return { athletes };
}

/**
 * Whether the account may go. An administrator becomes a member first, so that of two who leave at
 * once the second finds itself the last before anything of it is gone.
 */
async function resign(
  sql: Sql,
  { userId, evenLastAdmin }: { userId: string; evenLastAdmin: boolean },
): Promise<boolean> {
  await lockAdmins(sql);
  if (!evenLastAdmin && await isLastAdmin(sql, { id: userId })) return false;
  await stepDown(sql, { id: userId });
  return true;
}

/** Deletes what is left; `false` where an athlete has been connected meanwhile. */
async function finish(
  { sql, now }: { sql: Sql; now: () => number },
  { userId, by }: { userId: string; by: string },
): Promise<boolean> {
  // Whoever connects an athlete for the user waits for this lock, and then finds no user.
  if (!await lockUser(sql, { id: userId })) return true;
  const athletes = await listUserAthletes(sql, { userId });
  if (athletes.length > 0) return false;
  await deleteUserAuditEvents(sql, { userId });
  await deleteUser(sql, { id: userId });
  await record({ sql, now }, "account_deleted", { userId, detail: { by } });
  return true;
}
