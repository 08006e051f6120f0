import { findPassword } from "../../db/passwords.ts";
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
  const userId = by && (await findPassword(ctx.sql, by))?.user.id;
  const checked = await checkPassword(ctx, {
    // The username and the e-mail address of a user count together.
    attempt: {
      kind: "login",
      account: userId ?? account,
      device: userId && findKnownDevice(ctx, { userId }),
    },
    by,
    password,
  });
  if (checked.outcome !== "right") return checked;
  const { user, hash: passwordHash } = checked;
  const opened = await ctx.sql.begin(async (sql) => {
    const session = await openSession({ ...ctx, sql }, {
      userId: user.id,
      passwordHash,
    });
    if (!session) return undefined;
    const detail = { userId: user.id, sessionId: session.id };
    await record({ ...ctx, sql }, "login", detail);
    return session;
  });
  if (!opened) return { outcome: "wrong" };
  if (inBrowser) await logOutCaller(ctx);
  return { outcome: "right", user, tokens: opened.tokens };
}
