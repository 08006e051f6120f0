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

/** What a new account is made of; the password has been looked at. */
export interface NewUser {
  username: string;
  email: string;
  displayName: string;
  role: "member" | "admin";
  password: string;
}

/** A new account, and which athletes it has taken over. */
export interface CreatedUser {
  account: Account;
  athletes: number[];
  passwordHash: string;
}

/** What is needed to change accounts, from a request or from the shell. */
export type UserContext =
  & Pick<Deps, "sql" | "passwords" | "now">
  & Pick<AuditContext, "address" | "agent">;

/**
 * Makes an account. The first administrator takes over the athletes that belong to nobody.
 * `undefined` where somebody has the username or the e-mail address already.
 *
 * @throws {BusyError} where too many passwords wait to be hashed.
 */
export async function createUser(
  ctx: UserContext,
  { password, ...input }: NewUser,
  kind: "signup" | "user_created",
): Promise<CreatedUser | undefined> {
  // Before the transaction, which holds a lock.
  const hash = await ctx.passwords.hash(password);
  return await ctx.sql.begin(async (sql) => {
    const now = new Date(ctx.now());
    // Nobody connects or becomes the first administrator meanwhile.
    if (input.role === "admin") await lockConnecting(sql);
    const isFirst = input.role === "admin" && !await hasAdmin(sql);
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

/** Shuts an account, and ends its sessions at once, or opens it again; `false` where it was so. */
export async function changeUserActive(
  ctx: UserContext,
  { userId, isActive }: { userId: string; isActive: boolean },
): Promise<boolean> {
  return await ctx.sql.begin(async (sql) => {
    const changed = await setUserActive(sql, { id: userId, isActive });
    if (!changed) return false;
    if (!isActive) await endAll({ ...ctx, sql }, userId, "disabled");
    const kind = isActive ? "user_enabled" : "user_disabled";
    await record({ ...ctx, sql }, kind, { userId });
    return true;
  });
}

/**
 * Sets a password without knowing the old one, and ends all sessions; returns how many there were.
 *
 * @throws {BusyError} where too many passwords wait to be hashed.
 */
export async function resetPassword(
  ctx: UserContext,
  { userId, password }: { userId: string; password: string },
): Promise<number> {
  const hash = await ctx.passwords.hash(password);
  return await ctx.sql.begin(async (sql) => {
    await upsertPassword(sql, { userId, hash, now: new Date(ctx.now()) });
    const ended = await endAll({ ...ctx, sql }, userId, "password_changed");
    await record({ ...ctx, sql }, "password_reset", { userId });
    return ended.length;
  });
}

async function endAll(
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
