import {
  ChangePasswordInput,
  ConfirmedPassword,
  ConfirmPasswordInput,
  RevokedSessions,
  RevokeSessionInput,
  Sessions,
} from "@paceline/sdk/schemas";
import * as z from "zod";
import type { SessionCaller } from "../../db/callers.ts";
import { Instant } from "../../db/driver/client.ts";
import { replacePassword } from "../../db/passwords.ts";
import {
  confirmSession,
  listSessions,
  revokeSessions,
} from "../../db/sessions.ts";
import { record } from "../audit.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { checkPassword } from "./login.ts";
import { sessionProcedure } from "../trpc.ts";
import {
  orBusy,
  PASSWORD_ERRORS,
  requireGoodPassword,
  toThrottled,
} from "./password_check.ts";

/** What a user does with the own sessions and password. */
export const sessionProcedures = {
  /** The user's live sessions. */
  sessions: sessionProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/api/auth/sessions",
        tags: ["auth"],
        summary: "List the sessions",
        description: "Where the user is logged in.",
      },
    })
    .output(Sessions)
    .query(async ({ ctx }) => {
      const rows = await listSessions(ctx.sql, {
        userId: ctx.user.id,
        now: new Date(ctx.now()),
      });
      return {
        data: rows.map((row) => ({
          id: row.id,
          current: row.id === ctx.session.id,
          created_at: row.createdAt,
          last_seen_at: row.lastSeenAt,
          expires_at: row.expiresAt,
          address: row.address,
          agent: row.agent,
        })),
      };
    }),

  /** Ends one session. */
  revokeSession: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/revoke-session",
        tags: ["auth"],
        summary: "End a session",
        description: "Logs one of the user's sessions out, at once.",
      },
      errors: ["session_not_found"],
    })
    .input(RevokeSessionInput)
    .output(RevokedSessions)
    .mutation(async ({ ctx, input: { id } }) => {
      const revoked = await revoke(ctx, { id });
      if (revoked.length === 0) throw new AppError("session_not_found");
      return { revoked: revoked.length };
    }),

  /** Ends all sessions but this one. */
  revokeOtherSessions: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/revoke-other-sessions",
        tags: ["auth"],
        summary: "End all other sessions",
        description: "Logs the user out everywhere else, at once.",
      },
    })
    .input(z.strictObject({}).default({}))
    .output(RevokedSessions)
    .mutation(async ({ ctx }) => {
      const revoked = await revoke(ctx, { exceptId: ctx.session.id });
      return { revoked: revoked.length };
    }),

  /** Takes the password once more, for what cannot be undone. */
  confirmPassword: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/confirm-password",
        tags: ["auth"],
        summary: "Give the password once more",
        description:
          "What answers 403 `recent_login_required` is allowed for 10 minutes.",
      },
      errors: ["wrong_password", ...PASSWORD_ERRORS],
    })
    .input(ConfirmPasswordInput)
    .output(ConfirmedPassword)
    .mutation(async ({ ctx, input }) => {
      await requirePassword(ctx, input.password);
      const now = new Date(ctx.now());
      await confirmSession(ctx.sql, { id: ctx.session.id, now });
      return { authenticated_at: new Instant(now) };
    }),

  /** Sets another password. */
  changePassword: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/change-password",
        tags: ["auth"],
        summary: "Change the password",
        description:
          "Ends all other sessions of the user, at once. This one goes on with the tokens it " +
          "has; API keys stay good.",
      },
      errors: ["weak_password", "wrong_password", ...PASSWORD_ERRORS],
    })
    .input(ChangePasswordInput)
    .output(RevokedSessions)
    .mutation(async ({ ctx, input }) => {
      requireGoodPassword(input.new_password, ctx.user);
      const oldHash = await requirePassword(ctx, input.current_password);
      const hash = await orBusy(ctx.passwords.hash(input.new_password));
      const revoked = await setPassword(ctx, { oldHash, hash });
      // Somebody has changed it meanwhile.
      if (revoked === undefined) throw new AppError("wrong_password");
      return { revoked };
    }),
};

type UserContext = Context & SessionCaller;

async function revoke(
  { sql, ...ctx }: UserContext,
  which: { id: string } | { exceptId: string },
): Promise<string[]> {
  const { user: { id: userId } } = ctx;
  const now = new Date(ctx.now());
  return await sql.begin(async (sql) => {
    const options = { userId, which, reason: "revoked", now } as const;
    const revoked = await revokeSessions(sql, options);
    for (const sessionId of revoked) {
      await record({ ...ctx, sql }, "session_revoked", { userId, sessionId });
    }
    return revoked;
  });
}

/** Throws unless the password is the user's; returns its stored hash. */
export async function requirePassword(
  ctx: UserContext,
  password: string,
): Promise<string> {
  const { user: { id: userId } } = ctx;
  const result = await orBusy(checkPassword(ctx, {
    attempt: { kind: "confirm", account: userId },
    by: { userId },
    password,
  }));
  if (result.outcome === "throttled") throw toThrottled(result);
  // Not 401: the session is good, and no refresh helps.
  if (result.outcome === "wrong") throw new AppError("wrong_password");
  return result.hash;
}

/** Puts the new hash in the place of the old one, and ends the other sessions; returns how many. */
async function setPassword(
  { sql, ...ctx }: UserContext,
  { oldHash, hash }: { oldHash: string; hash: string },
): Promise<number | undefined> {
  const { user: { id: userId }, session } = ctx;
  const now = new Date(ctx.now());
  return await sql.begin(async (sql) => {
    const isSet = await replacePassword(sql, { userId, hash, oldHash, now });
    if (!isSet) return undefined;
    const revoked = await revokeSessions(sql, {
      userId,
      which: { exceptId: session.id },
      reason: "password_changed",
      now,
    });
    await confirmSession(sql, { id: session.id, now });
    await record({ ...ctx, sql }, "password_changed", { userId });
    return revoked.length;
  });
}
