import { AccountDeleted, DeleteAccountInput } from "@paceline/sdk/schemas";
import { AppError } from "../errors.ts";
import { recentPasswordProcedure } from "../trpc.ts";
import { deleteAccount } from "./account_deletion.ts";
import { PASSWORD_ERRORS, requirePassword } from "./password_errors.ts";
import { clearSessionCookies } from "../auth/session_cookies.ts";

/** The procedure that deletes the user's account. */
export const accountProcedures = {
  /** Deletes the account and all its data. */
  deleteAccount: recentPasswordProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/delete-account",
        tags: ["auth"],
        summary: "Delete the account",
        description:
          "Revokes the grant of each of the user's athletes at Strava and permanently deletes all " +
          "data of the user and the athletes, including sessions, API keys and audit events. If " +
          "Strava could not be reached, the athlete can revoke the grant at " +
          "https://www.strava.com/settings/apps. An interrupted deletion can be repeated. The only " +
          "administrator cannot be deleted while there are other users.",
      },
      errors: ["wrong_password", "last_admin", ...PASSWORD_ERRORS],
    })
    .input(DeleteAccountInput)
    .output(AccountDeleted)
    .mutation(async ({ ctx, input: { password } }) => {
      await requirePassword(ctx, password);
      const deleted = await deleteAccount(ctx, {
        userId: ctx.user.id,
        by: "user",
      });
      if ("refusal" in deleted) throw new AppError(deleted.refusal);
      clearSessionCookies(ctx);
      return {
        status: "deleted",
        athletes: deleted.athletes.map(({ id, revokedAtStrava }) => ({
          id,
          revoked_at_strava: revokedAtStrava,
        })),
      } as const;
    }),
};
