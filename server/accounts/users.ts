import { adoptAthletes } from "../../db/athlete_owners.ts";
import { lockConnecting } from "../../db/athletes.ts";
import { upsertPassword } from "../../db/passwords.ts";
import { revokeSessions } from "../../db/sessions.ts";
import {
  type Account,
  hasAdmin,
  insertUser,
  setUserActive,
} from "../../db/users.ts";
import { type AuditContext, record } from "../audit.ts";
import type { Deps } from "../context.ts";
import { AppError } from "../errors.ts";

/** A new account. The caller has checked the password against the rules. */
export interface NewUser {
  username: string;
  email: string;
  displayName: string;
  role: "member" | "admin";
  password: string;
}

/** A created account, with the athletes that it adopted. */
export interface CreatedUser {
  account: Account;
  athletes: number[];
  passwordHash: string;
}

/** The dependencies for changing accounts, from a request or from the command line. */
export type UserContext =
  & Pick<Deps, "sql" | "passwords" | "now">
  & Pick<AuditContext, "address" | "agent">;

/**
 * Creates an account; returns `undefined` if the username or the e-mail address is taken. The first
 * administrator becomes the owner of all athletes without an owner.
 *
 * @throws {BusyError} if too many passwords are waiting to be hashed.
 */
export async function createUser(
  ctx: UserContext,
  { password, ...input }: NewUser,
  kind: "signup" | "user_created",
  { mustBeFirst = false }: {
    /** Throws `already_set_up` if there is an administrator. */
    mustBeFirst?: boolean;
  } = {},
): Promise<CreatedUser | undefined> {
  // Hashing is slow, so it happens before the transaction takes a lock.
  const hash = await ctx.passwords.hash(password);
  return await ctx.sql.begin(async (sql) => {
    const now = new Date(ctx.now());
    // Keeps others from connecting an athlete or becoming the first administrator at the same time.
    if (input.role === "admin") await lockConnecting(sql);
    const isFirst = input.role === "admin" && !await hasAdmin(sql);
    if (mustBeFirst && !isFirst) throw new AppError("already_set_up");
    const account = await insertUser(sql, { ...input, createdAt: now });
    if (!account) return undefined;
    const { id: userId, role } = account;
    await upsertPassword(sql, { userId, hash, now });
    const inTransaction = { ...ctx, sql };
    await record(inTransaction, kind, { userId, detail: { role } });
    const athletes = isFirst ? await adoptAthletes(sql, { userId }) : [];
    for (const athleteId of athletes) {
      await record(inTransaction, "athlete_connected", {
        userId,
        athleteId,
        detail: { adopted: true },
      });
    }
    return { account, athletes, passwordHash: hash };
  });
}

/** Disables an account and revokes its sessions, or enables it; returns `false` if nothing changed. */
export async function changeUserActive(
  ctx: UserContext,
  { userId, isActive }: { userId: string; isActive: boolean },
): Promise<boolean> {
  return await ctx.sql.begin(async (sql) => {
    const changed = await setUserActive(sql, { id: userId, isActive });
    if (!changed) return false;
    if (!isActive) await revokeAllSessions({ ...ctx, sql }, userId, "disabled");
    const kind = isActive ? "user_enabled" : "user_disabled";
    await record({ ...ctx, sql }, kind, { userId });
    return true;
  });
}

/**
 * Sets a password without checking the old one and revokes all sessions; returns their number.
 *
 * @throws {BusyError} if too many passwords are waiting to be hashed.
 */
export async function resetPassword(
  ctx: UserContext,
  { userId, password }: { userId: string; password: string },
): Promise<number> {
  const hash = await ctx.passwords.hash(password);
  return await ctx.sql.begin(async (sql) => {
    await upsertPassword(sql, { userId, hash, now: new Date(ctx.now()) });
    const ended = await revokeAllSessions(
      { ...ctx, sql },
      userId,
      "password_changed",
    );
    await record({ ...ctx, sql }, "password_reset", { userId });
    return ended.length;
  });
}

async function revokeAllSessions(
  { sql, now }: Pick<AuditContext, "sql" | "now">,
  userId: string,
  reason: "disabled" | "password_changed",
): Promise<string[]> {
  const options = {
    userId,
    which: "all",
    reason,
    now: new Date(now()),
  } as const;
  return await revokeSessions(sql, options);
}
