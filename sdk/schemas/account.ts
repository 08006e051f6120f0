import * as z from "zod";
import { Instant } from "./parts.ts";

/** As long as an e-mail address may be. */
const MAX_NAME_LENGTH = 254;
/** More than a password may have, so that its own rule can say so. */
const MAX_PASSWORD_LENGTH = 1024;

const Password = z.string().min(1).max(MAX_PASSWORD_LENGTH);

const NewPassword = Password.meta({
  description:
    "10 to 256 characters; none that is guessed quickly, nor made of the user's names",
  example: "ten thousand miles",
});

const RefreshToken = z.string().max(100).optional().meta({
  description: "For clients without cookies: what login or refresh answered",
  example: "pr_lF2Ku9vqYd4m0nS7cJb1xWgZ5hT8oRiE3aQkPyNfUeM",
});

const ReturnTokens = z.boolean().default(false).meta({
  description:
    "For clients that are no browsers: answers the tokens and sets no cookies",
});

/** Somebody with an account. */
export const User = z.object({
  id: z.uuid().meta({ example: "6f1c2f0e-6a3b-4a61-9a55-0c3f4a1d2b7e" }),
  username: z.string().meta({ example: "ada" }),
  email: z.string().meta({ example: "ada@example.com" }),
  display_name: z.string().meta({ example: "Ada Example" }),
  role: z.enum(["member", "admin"]).meta({
    description: "`admin` sees and manages every athlete and user",
  }),
}).meta({ id: "User", description: "Somebody with an account" });

/** A session that has begun or goes on. */
export const Login = z.object({
  user: User,
  access_expires_at: Instant.meta({
    description: "When the access token ends: refresh before, or on a 401",
  }),
  expires_at: Instant.meta({
    description:
      "When the session ends unless it is refreshed: after 7 days, and 90 days at most",
  }),
  access_token: z.string().optional().meta({
    description: "With `return_tokens`: send it as `Authorization: Bearer`",
    example: "pa_9Q2vJx7mB4kT1sYwLzE8cRfN6hUaGdP0oViMqCtXbKe",
  }),
  refresh_token: z.string().optional().meta({
    description: "With `return_tokens`: good once, for `/api/auth/refresh`",
    example: "pr_lF2Ku9vqYd4m0nS7cJb1xWgZ5hT8oRiE3aQkPyNfUeM",
  }),
}).meta({
  id: "Login",
  description: "A session, whose cookies are set or whose tokens are here",
});

/** Who logs in. */
export const LoginInput = z.strictObject({
  username: z.string().min(1).max(MAX_NAME_LENGTH).meta({
    description: "The username or the e-mail address, in whatever case",
    example: "ada",
  }),
  password: Password.meta({ example: "ten thousand miles" }),
  return_tokens: ReturnTokens,
});

/** What keeps a session going, where no cookie does. */
export const LoginRefreshInput = z.strictObject({
  refresh_token: RefreshToken,
}).default({});

/** Which session ends, where no cookie says so. */
export const LogoutInput = z.strictObject({
  refresh_token: RefreshToken,
}).default({});

/** The session is over. */
export const Logout = z.object({ status: z.literal("logged_out") }).meta({
  id: "Logout",
  description: "There is no session any more, and its cookies are gone",
});

/** Who makes an account. */
export const SignUpInput = z.strictObject({
  username: z.string().regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{1,31}$/,
    "must have 2 to 32 letters, digits or _ . - and begin with a letter or digit",
  ).meta({ example: "ada" }),
  email: z.email("is no e-mail address").max(MAX_NAME_LENGTH).meta({
    example: "ada@example.com",
  }),
  display_name: z.string().trim().min(1).max(80).regex(
    /^\P{Cc}*$/u,
    "must not have control characters",
  ).optional().meta({
    description: "How others see the user; the username where it is left out",
    example: "Ada Example",
  }),
  password: NewPassword,
  return_tokens: ReturnTokens,
});

/** Who is logged in. */
export const Me = z.object({
  user: User,
  session: z.object({
    id: z.uuid().meta({ example: "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11" }),
    access_expires_at: Instant.meta({
      description: "When the access token ends",
    }),
    authenticated_at: Instant.meta({
      description:
        "When the password was last given; what cannot be undone asks for it after 10 minutes",
    }),
  }),
}).meta({ id: "Me", description: "Who is logged in" });

/** A login that goes on, here or elsewhere. */
export const Session = z.object({
  id: z.uuid().meta({ example: "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11" }),
  current: z.boolean().meta({
    description: "Whether it is this one",
    example: true,
  }),
  created_at: Instant,
  last_seen_at: Instant.meta({ description: "To within a minute" }),
  expires_at: Instant.meta({ description: "Unless it is refreshed" }),
  address: z.string().nullable().meta({
    description: "Where it was last refreshed from",
    example: "203.0.113.7",
  }),
  agent: z.string().nullable().meta({
    description: "The program, as it calls itself",
    example: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0",
  }),
}).meta({ id: "Session", description: "A login that goes on" });

/** All logins of a user that go on. */
export const Sessions = z.object({
  data: z.array(Session).meta({ description: "The newest first" }),
}).meta({ id: "Sessions", description: "The user's sessions" });

/** Which session is to end. */
export const RevokeSessionInput = z.strictObject({
  id: z.uuid().meta({ example: "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11" }),
});

/** How many sessions have ended. */
export const RevokedSessions = z.object({
  revoked: z.number().int().meta({
    description: "Sessions that have ended",
    example: 1,
  }),
}).meta({ id: "RevokedSessions", description: "How many sessions have ended" });

/** The password once more. */
export const ConfirmPasswordInput = z.strictObject({
  password: Password.meta({ example: "ten thousand miles" }),
});

/** The password was given. */
export const ConfirmedPassword = z.object({
  authenticated_at: Instant,
}).meta({
  id: "ConfirmedPassword",
  description: "For 10 minutes what cannot be undone may be done",
});

/** The old password and the new one. */
export const ChangePasswordInput = z.strictObject({
  current_password: Password.meta({ example: "ten thousand miles" }),
  new_password: NewPassword.meta({ example: "one hundred climbs" }),
});
