import {
  Login,
  LoginInput,
  LoginRefreshInput,
  Logout,
  LogoutInput,
  Me,
} from "@paceline/sdk/schemas";
import { carriesSession } from "../auth/cookies.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { cookieProcedure, router, sessionProcedure } from "../trpc.ts";
import { accountProcedures } from "./account_procedures.ts";
import { ownEventsProcedures } from "./audit_procedures.ts";
import { logIn } from "./login.ts";
import { toLogin, toUser } from "./login_response.ts";
import {
  MAX_OF_ACCOUNT,
  MAX_OF_ACCOUNT_AND_NETWORK,
  MAX_OF_ADDRESS,
  MAX_OF_DEVICE,
  WINDOW_MINUTES,
} from "./login_throttle.ts";
import {
  logOutByRefreshToken,
  logOutCaller,
  readRefreshCookie,
} from "./logout.ts";
import {
  orBusy,
  PASSWORD_ERRORS,
  toThrottledError,
} from "./password_errors.ts";
import { passwordProcedures } from "./password_procedures.ts";
import { clearSessionCookies } from "../auth/session_cookies.ts";
import { sessionProcedures } from "./session_procedures.ts";
import { refreshSession, RETRY_SECONDS } from "./sessions.ts";
import { signUpProcedures } from "./sign_up_procedures.ts";

/** Logging in and out, and the procedures with which users manage their own account. */
export const authRouter = router({
  /** Opens a session if the password is right. */
  login: cookieProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/login",
        tags: ["auth"],
        protect: false,
        summary: "Log in",
        description:
          "Sets the session cookies or, with `return_tokens`, returns the tokens. Wrong passwords " +
          `are limited to ${MAX_OF_ACCOUNT_AND_NETWORK} per account and network, ` +
          `${MAX_OF_ACCOUNT} per account and ${MAX_OF_ADDRESS} per address in ` +
          `${WINDOW_MINUTES} minutes. Further attempts are refused without checking the password. A ` +
          `browser in which the user has logged in before counts apart, ${MAX_OF_DEVICE} attempts.`,
      },
      errors: ["invalid_login", ...PASSWORD_ERRORS],
    })
    .input(LoginInput)
    .output(Login)
    .mutation(async ({ ctx, input }) => {
      const { username: name, password, return_tokens: returnTokens } = input;
      const options = { name, password, inBrowser: !returnTokens };
      const result = await orBusy(logIn(ctx, options));
      if (result.outcome === "throttled") throw toThrottledError(result);
      if (result.outcome === "wrong") throw new AppError("invalid_login");
      return toLogin(ctx, { ...result, returnTokens, isLogin: true });
    }),

  /** Exchanges the refresh token for new tokens. */
  refresh: cookieProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/refresh",
        tags: ["auth"],
        protect: false,
        summary: "Refresh the session",
        description:
          "Exchanges the refresh token, from the cookie or the body, for new tokens. The old ones " +
          `become invalid. Reusing the refresh token within ${RETRY_SECONDS} seconds (lost response, ` +
          "second tab) returns the current tokens; reusing it later ends the session, because " +
          "somebody else must have a copy.",
      },
      errors: ["missing_session", "session_expired"],
    })
    .input(LoginRefreshInput)
    .output(Login)
    .mutation(async ({ ctx, input }) => {
      const returnTokens = input.refresh_token !== undefined;
      const refreshToken = chooseRefreshToken(ctx, input.refresh_token);
      if (refreshToken === undefined) throw new AppError("missing_session");
      const result = await refreshSession(ctx, { refreshToken });
      if (result.outcome === "fresh") {
        return toLogin(ctx, { ...result, returnTokens });
      }
      if (!returnTokens) clearSessionCookies(ctx);
      throw new AppError("session_expired");
    }),

  /** Ends the session. */
  logout: cookieProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/logout",
        tags: ["auth"],
        protect: false,
        summary: "Log out",
        description:
          "Immediately ends the session of the cookies, of the Bearer token or of the refresh token " +
          "in the body. Answers the same if there is no session.",
      },
    })
    .input(LogoutInput)
    .output(Logout)
    .mutation(async ({ ctx, input }) => {
      const { refresh_token: refreshToken } = input;
      if (refreshToken === undefined) await logOutCaller(ctx);
      else await logOutByRefreshToken(ctx, refreshToken);
      if (carriesSession(ctx.headers, ctx.config)) clearSessionCookies(ctx);
      return { status: "logged_out" } as const;
    }),

  /** Returns the logged-in user. */
  me: sessionProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/api/auth/me",
        tags: ["auth"],
        summary: "Get the logged-in user",
        description:
          "The user of the session, and when its access token expires.",
      },
    })
    .output(Me)
    .query(({ ctx: { user, session } }) => ({
      user: toUser(user),
      session: {
        id: session.id,
        access_expires_at: session.accessExpiresAt,
        authenticated_at: session.authenticatedAt,
      },
    })),

  ...signUpProcedures,
  ...sessionProcedures,
  ...passwordProcedures,
  ...ownEventsProcedures,
  ...accountProcedures,
});

/** Returns the refresh token from the body or the cookie. Throws if the request has both. */
function chooseRefreshToken(
  ctx: Context,
  given: string | undefined,
): string | undefined {
  const cookie = readRefreshCookie(ctx);
  if (given !== undefined && cookie !== undefined) {
    throw new AppError("too_many_credentials");
  }
  return given ?? cookie;
}
