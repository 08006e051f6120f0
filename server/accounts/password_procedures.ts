import {
  ChangePasswordInput,
  ConfirmedPassword,
  ConfirmPasswordInput,
  RevokedSessions,
} from "@paceline/sdk/schemas";
import { Instant } from "../../db/driver/client.ts";
import { replacePassword } from "../../db/passwords.ts";
import {
  revokeSessions,
  type SessionCaller,
  setAuthenticatedAt,
} from "../../db/sessions.ts";
import { record } from "../audit.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { RECENT_LOGIN_MINUTES, sessionProcedure } from "../trpc.ts";
import {
  orBusy,
  PASSWORD_ERRORS,
  requirePassword,
  requireStrongPassword,
} from "./password_errors.ts";

/** The procedures with which users confirm and change their password. */
export const passwordProcedures = {
  /** Confirms the password, before an action that cannot be undone. */
  confirmPassword: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/confirm-password",
        tags: ["auth"],
        summary: "Confirm the password",
        description:
          `For the next ${RECENT_LOGIN_MINUTES} minutes the session may call what otherwise answers ` +
          "403 `recent_login_required`.",
      },
      errors: ["wrong_password", ...PASSWORD_ERRORS],
    })
    .input(ConfirmPasswordInput)
    .output(ConfirmedPassword)
    .mutation(async ({ ctx, input }) => {
      await requirePassword(ctx, input.password);
      const now = new Date(ctx.now());
      await setAuthenticatedAt(ctx.sql, { id: ctx.session.id, now });
      return { authenticated_at: new Instant(now) };
    }),

  /** Changes the password and ends the user's other sessions. */
  changePassword: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/change-password",
        tags: ["auth"],
        summary: "Change the password",
        description:
          "Immediately ends all other sessions of the user. The current session keeps its tokens. " +
          "API keys stay valid.",
      },
      errors: ["weak_password", "wrong_password", ...PASSWORD_ERRORS],
    })
    .input(ChangePasswordInput)
    .output(RevokedSessions)
    .mutation(async ({ ctx, input }) => {
      requireStrongPassword(input.new_password, ctx.user);
      const oldHash = await requirePassword(ctx, input.current_password);
      const hash = await orBusy(ctx.passwords.hash(input.new_password));
      const revoked = await storePassword(ctx, { oldHash, hash });
      // Somebody else has changed the password since it was checked.
      if (revoked === undefined) throw new AppError("wrong_password");
      return { revoked };
    }),
};

/**
 * Replaces the old hash and ends the user's other sessions; returns their number. `undefined` if the
 * stored hash is no longer the old one.
 */
async function storePassword(
  { sql, ...ctx }: Context & SessionCaller,
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
    await setAuthenticatedAt(sql, { id: session.id, now });
    await record({ ...ctx, sql }, "password_changed", { userId });
    return revoked.length;
  });
}
