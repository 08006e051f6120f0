import { AccountDeleted, DeleteAccountInput } from "@paceline/sdk/schemas";
import { eraseAccount } from "./erasure.ts";
import { AppError } from "../errors.ts";
import { clearSessionCookies } from "./session_cookies.ts";
import { recentSessionProcedure } from "../trpc.ts";
import { requirePassword } from "./sessions_router.ts";
import { PASSWORD_ERRORS } from "./password_check.ts";

/** How an account ends. */
export const accountProcedures = {
  /** Deletes the account and everything of it. */
  deleteAccount: recentSessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/delete-account",
        tags: ["auth"],
        summary: "Delete the account",
        description:
          "Ends the grant of each of the user's athletes at Strava and deletes everything of theirs " +
          "and of the user, for good: sessions, API keys and records too. A grant that Strava could " +
          "not be told of is ended at https://www.strava.com/settings/apps. What was cut off half " +
          "done can be asked for again. The only administrator stays while there are other users.",
      },
      errors: ["wrong_password", "last_admin", ...PASSWORD_ERRORS],
    })
    .input(DeleteAccountInput)
    .output(AccountDeleted)
    .mutation(async ({ ctx, input: { password } }) => {
      await requirePassword(ctx, password);
      const erased = await eraseAccount(ctx, {
        userId: ctx.user.id,
        by: "user",
      });
      if ("refusal" in erased) throw new AppError(erased.refusal);
      clearSessionCookies(ctx);
      return {
        status: "deleted",
        athletes: erased.athletes.map(({ id, revokedAtStrava }) => ({
          id,
          revoked_at_strava: revokedAtStrava,
        })),
      } as const;
    }),
};
