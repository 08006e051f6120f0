import {
  Login,
  LoginInput,
  LoginRefreshInput,
  Logout,
  LogoutInput,
  Me,
  SignUpInput,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { User } from "../../db/callers.ts";
import { Instant } from "../../db/driver/client.ts";
import type { Context } from "../context.ts";
import { carriesSession } from "../auth/cookies.ts";
import { AppError } from "../errors.ts";
import {
  endByToken,
  endCarriedSession,
  logIn,
  readRefreshCookie,
} from "./login.ts";
import { countLogin } from "./login_throttle.ts";
import { clearSessionCookies, setSessionCookies } from "./session_cookies.ts";
import { type IssuedTokens, openSession, refreshSession } from "./sessions.ts";
import { cookieProcedure, router, sessionProcedure } from "../trpc.ts";
import { createUser } from "./users.ts";
import { accountProcedures } from "./account_router.ts";
import { eventsProcedures } from "./audit_router.ts";
import { sessionProcedures } from "./sessions_router.ts";
import {
  orBusy,
  PASSWORD_ERRORS,
  requireGoodPassword,
  toThrottled,
} from "./password_check.ts";

/** Accounts and their sessions. */
export const authRouter = router({
  /** Opens a session with a password. */
  login: cookieProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/login",
        tags: ["auth"],
        protect: false,
        summary: "Log in",
        description:
          "Sets the cookies of a session or, with `return_tokens`, answers its tokens. After 5 " +
          "wrong passwords for an account from one network, 50 for an account or 30 from an " +
          "address, within 15 minutes, further ones are refused unseen.",
      },
      errors: ["invalid_login", ...PASSWORD_ERRORS],
    })
    .input(LoginInput)
    .output(Login)
    .mutation(async ({ ctx, input }) => {
      const { username: name, password, return_tokens: isPlain } = input;
      const options = { name, password, inBrowser: !isPlain };
      const result = await orBusy(logIn(ctx, options));
      if (result.outcome === "throttled") throw toThrottled(result);
      if (result.outcome === "wrong") throw new AppError("invalid_login");
      return answer(ctx, { ...result, isPlain });
    }),

  /** Goes on with a session. */
  refresh: cookieProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/refresh",
        tags: ["auth"],
        protect: false,
        summary: "Refresh the session",
        description:
          "Changes the refresh token, of the cookie or of the body, for new tokens; the old ones " +
          "are no good any more. Within 10 seconds the same refresh token gets the same answer, " +
          "for a retry. Later it ends the whole session, since somebody else has it.",
      },
      errors: ["missing_session", "session_expired"],
    })
    .input(LoginRefreshInput)
    .output(Login)
    .mutation(async ({ ctx, input }) => {
      const isPlain = input.refresh_token !== undefined;
      const refreshToken = readRefreshToken(ctx, input.refresh_token);
      if (refreshToken === undefined) throw new AppError("missing_session");
      const result = await refreshSession(ctx, { refreshToken });
      if (result.outcome === "fresh") {
        return answer(ctx, { ...result, isPlain });
      }
      if (!isPlain) clearSessionCookies(ctx);
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
          "Ends the session of the cookies, of the Bearer token or of the refresh token in the " +
          "body, at once. Without one it answers the same.",
      },
    })
    .input(LogoutInput)
    .output(Logout)
    .mutation(async ({ ctx, input }) => {
      const { refresh_token: refreshToken } = input;
      if (refreshToken !== undefined) await endByToken(ctx, refreshToken);
      else await endCarriedSession(ctx);
      if (carriesSession(ctx.headers, ctx.config)) clearSessionCookies(ctx);
      return { status: "logged_out" } as const;
    }),

  /** Who is logged in. */
  me: sessionProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/api/auth/me",
        tags: ["auth"],
        summary: "Who is logged in",
        description: "The user of the session, and when its access token ends.",
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

  /** Makes an account and logs it in. */
  signUp: cookieProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/sign-up",
        tags: ["auth"],
        protect: false,
        summary: "Make an account",
        description:
          "Only with `SIGNUP=open`. Logs in, as `/api/auth/login` does.",
      },
      errors: [
        "signup_closed",
        "weak_password",
        "user_exists",
        ...PASSWORD_ERRORS,
      ],
    })
    .input(SignUpInput)
    .output(Login)
    .mutation(async ({ ctx, input }) => {
      if (ctx.config.signup === "closed") throw new AppError("signup_closed");
      const { username, password, return_tokens: isPlain } = input;
      const email = input.email.toLowerCase();
      requireGoodPassword(password, { username, email });
      const counted = await countLogin(ctx, { kind: "signup" });
      if (counted.refused) throw toThrottled(counted);
      const displayName = input.display_name ?? username;
      const created = await orBusy(
        createUser(
          ctx,
          { username, email, displayName, role: "member", password },
          "signup",
        ),
      );
      if (!created) throw new AppError("user_exists");
      const { account, passwordHash } = created;
      const options = { userId: account.id, passwordHash };
      const session = await openSession(ctx, options);
      if (!session) throw new AppError("session_expired");
      if (!isPlain) await endCarriedSession(ctx);
      return answer(ctx, { user: account, tokens: session.tokens, isPlain });
    }),

  ...sessionProcedures,
  ...eventsProcedures,
  ...accountProcedures,
});

/** Of two credentials none is taken. */
function readRefreshToken(
  ctx: Context,
  given: string | undefined,
): string | undefined {
  const cookie = readRefreshCookie(ctx);
  if (given !== undefined && cookie !== undefined) {
    throw new AppError("too_many_credentials");
  }
  return given ?? cookie;
}

/** Hands the tokens over: in cookies, or where that was asked for in the answer. */
function answer(
  ctx: Context,
  { user, tokens, isPlain }: {
    user: User;
    tokens: IssuedTokens;
    isPlain: boolean;
  },
): z.input<typeof Login> {
  if (!isPlain) setSessionCookies(ctx, tokens);
  return {
    user: toUser(user),
    access_expires_at: new Instant(tokens.accessExpiresAt),
    expires_at: new Instant(tokens.expiresAt),
    ...(isPlain
      ? {
        access_token: tokens.accessToken,
        refresh_token: tokens.refreshToken,
      }
      : {}),
  };
}

/** The wire form of a user. */
function toUser(
  { id, username, email, displayName, role }: User,
): z.input<typeof Login>["user"] {
  return { id, username, email, display_name: displayName, role };
}
