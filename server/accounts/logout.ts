import { revokeSessions } from "../../db/sessions.ts";
import { record } from "../audit.ts";
import { readCookies } from "../auth/cookies.ts";
import { hasCredential } from "../auth/credential.ts";
import type { Context } from "../context.ts";
import { endSession } from "./sessions.ts";

/** Ends the session that the request carries, if any: by its access token, else by its refresh cookie. */
export async function logOutCaller(ctx: Context): Promise<void> {
  const { caller, sql, now } = ctx;
  if (caller.kind === "session") {
    const { user: { id: userId }, session: { id } } = caller;
    const ended = await revokeSessions(sql, {
      userId,
      which: { id },
      reason: "logout",
      now: new Date(now()),
    });
    if (ended.length > 0) {
      await record(ctx, "logout", { userId, sessionId: id });
    }
    return;
  }
  const refreshToken = readRefreshCookie(ctx);
  if (refreshToken !== undefined) await logOutByRefreshToken(ctx, refreshToken);
}

/** Ends the session of a refresh token, if there is one. */
export async function logOutByRefreshToken(
  ctx: Context,
  refreshToken: string,
): Promise<void> {
  const ended = await endSession(ctx, { refreshToken });
  if (!ended) return;
  const { id: sessionId, userId } = ended;
  await record(ctx, "logout", { userId, sessionId });
}

/** Returns the refresh token of the browser's cookie. A key or token in a header takes precedence. */
export function readRefreshCookie(
  { headers, config }: Pick<Context, "headers" | "config">,
): string | undefined {
  return hasCredential(headers)
    ? undefined
    : readCookies(headers, config, "refresh")[0];
}
