import type { User } from "../../db/users.ts";
import { record } from "../audit.ts";
import type { Context } from "../context.ts";
import { findKnownDevice } from "./known_devices.ts";
import { logOutCaller } from "./logout.ts";
import { checkPassword, type PasswordResult } from "./password_check.ts";
import type { IssuedTokens } from "../auth/session_cookies.ts";
import { openSession } from "./sessions.ts";

/** The result of a login. */
export type LoginResult =
  | { outcome: "right"; user: User; tokens: IssuedTokens }
  | Exclude<PasswordResult, { outcome: "right" }>;

/**
 * Opens a session if the password is right. `name` is a username or an e-mail address. With
 * `inBrowser`, the session that the browser had before ends.
 *
 * @throws {BusyError} if too many passwords are waiting to be checked.
 */
export async function logIn(
  ctx: Context,
  { name, password, inBrowser }: {
    name: string;
    password: string;
    inBrowser: boolean;
  },
): Promise<LoginResult> {
  const account = name.trim().normalize("NFC").toLowerCase();
  // No user has any other name, and PostgreSQL rejects some texts.
  const by = /^[\x21-\x7e]+$/.test(account) ? { name: account } : undefined;
  const device = by && await findKnownDevice(ctx, by);
  const checked = await checkPassword(ctx, {
    attempt: { kind: "login", account, device },
    by,
    password,
  });
  if (checked.outcome !== "right") return checked;
  const { user, hash: passwordHash } = checked;
  const { id: userId } = user;
  const opened = await ctx.sql.begin(async (sql) => {
    const session = await openSession({ ...ctx, sql }, {
      userId,
      passwordHash,
    });
    if (!session) return undefined;
    await record({ ...ctx, sql }, "login", { userId, sessionId: session.id });
    return session;
  });
  if (!opened) return { outcome: "wrong" };
  if (inBrowser) await logOutCaller(ctx);
  return { outcome: "right", user, tokens: opened.tokens };
}
