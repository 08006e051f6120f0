import {
  Instance,
  Login,
  SetUpInput,
  SignUpInput,
} from "@paceline/sdk/schemas";
import type * as z from "zod";
import { hasAdmin } from "../../db/users.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { cookieProcedure, publicProcedure } from "../trpc.ts";
import { toLogin, toUser } from "./login_response.ts";
import { countLoginAttempt } from "./login_throttle.ts";
import { logOutCaller } from "./logout.ts";
import {
  orBusy,
  PASSWORD_ERRORS,
  requireStrongPassword,
  toThrottledError,
} from "./password_errors.ts";
import { openSession } from "./sessions.ts";
import { isSetUpCode } from "./set_up.ts";
import { createUser, type NewUser } from "./users.ts";

/** The procedures for people without an account. */
export const signUpProcedures = {
  /** Returns who is logged in, and how others can get in. */
  instance: publicProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/api/auth/instance",
        tags: ["auth"],
        protect: false,
        summary: "Get the user, if any, and the ways into the instance",
        description:
          "Unlike `/api/auth/me` this is no error without a session, so an app can ask it first. With an " +
          "expired session it is: refresh it. Also " +
          "whether the first administrator has to be created, whether anyone may sign up, and whether " +
          "Strava can be connected.",
      },
    })
    .output(Instance)
    .query(async ({ ctx: { sql, config, caller } }) => ({
      user: caller.kind === "session" ? toUser(caller.user) : null,
      needs_set_up: !await hasAdmin(sql),
      signup: config.signup,
      strava: config.strava.hasApp,
    })),

  /** Creates the first administrator and logs in. */
  setUp: cookieProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/set-up",
        tags: ["auth"],
        protect: false,
        summary: "Create the first administrator",
        description:
          "Creates the first administrator, who takes over all athletes without an owner, and logs " +
          "in, as `/api/auth/login` does. Only with the set-up code, and only until there is an " +
          "administrator.",
      },
      errors: [
        "already_set_up",
        "wrong_set_up_code",
        "weak_password",
        "user_exists",
        ...PASSWORD_ERRORS,
      ],
    })
    .input(SetUpInput)
    .output(Login)
    .mutation(async ({ ctx, input: { code, ...input } }) => {
      if (await hasAdmin(ctx.sql)) throw new AppError("already_set_up");
      const counted = await countLoginAttempt(ctx, { kind: "set_up" });
      if (counted.refused) throw toThrottledError(counted);
      if (!isSetUpCode(code, ctx.config)) {
        throw new AppError("wrong_set_up_code");
      }
      return await createAndLogIn(ctx, { input, role: "admin" });
    }),

  /** Creates an account and logs in. */
  signUp: cookieProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/sign-up",
        tags: ["auth"],
        protect: false,
        summary: "Create an account",
        description:
          "Creates a member and logs in, as `/api/auth/login` does. Only with `SIGNUP=open`.",
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
      const { username, password } = input;
      requireStrongPassword(password, { username, email: toEmail(input) });
      const counted = await countLoginAttempt(ctx, { kind: "signup" });
      if (counted.refused) throw toThrottledError(counted);
      return await createAndLogIn(ctx, { input, role: "member" });
    }),
};

/** Creates an account and opens a session. An administrator must be the first one. */
async function createAndLogIn(
  ctx: Context,
  { input, role }: {
    input: z.output<typeof SignUpInput>;
    role: NewUser["role"];
  },
): Promise<z.input<typeof Login>> {
  const { username, password, return_tokens: returnTokens } = input;
  const email = toEmail(input);
  requireStrongPassword(password, { username, email });
  const displayName = input.display_name ?? username;
  const created = await orBusy(
    createUser(
      ctx,
      { username, email, displayName, role, password },
      "signup",
      { mustBeFirst: role === "admin" },
    ),
  );
  if (!created) throw new AppError("user_exists");
  const { account, passwordHash } = created;
  const options = { userId: account.id, passwordHash };
  const session = await openSession(ctx, options);
  if (!session) throw new AppError("session_expired");
  if (!returnTokens) await logOutCaller(ctx);
  const { tokens } = session;
  const login = { user: account, tokens, returnTokens, isLogin: true };
  return toLogin(ctx, login);
}

/** Returns the e-mail address as it is stored. */
function toEmail({ email }: { email: string }): string {
  return email.toLowerCase();
}
