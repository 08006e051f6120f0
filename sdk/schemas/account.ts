import * as z from "zod";
import { Instant } from "./parts.ts";

/** Maximum length of a username or an e-mail address, in characters. */
const MAX_NAME_LENGTH = 254;
/**
 * Maximum length of a password in a request. It exceeds the limit for new passwords, so that the
 * password rules can explain a refusal.
 */
const MAX_PASSWORD_LENGTH = 1024;

const Password = z.string().min(1).max(MAX_PASSWORD_LENGTH);

const NewPassword = Password.meta({
  description:
    "10 to 256 characters. Must not be easy to guess, nor made of the user's names",
  example: "ten thousand miles",
});

const RefreshToken = z.string().max(100).meta({
  description:
    "Refresh token from a login or a refresh, for clients without cookies",
  example: "pr_lF2Ku9vqYd4m0nS7cJb1xWgZ5hT8oRiE3aQkPyNfUeM",
}).optional();

const ReturnTokens = z.boolean().default(false).meta({
  description:
    "Returns the tokens in the response instead of setting cookies, for clients that are not " +
    "browsers",
});

/** A user with an account. */
export const User = z.object({
  id: z.uuid().meta({
    description: "User id",
    example: "6f1c2f0e-6a3b-4a61-9a55-0c3f4a1d2b7e",
  }),
  username: z.string().meta({ description: "Username", example: "ada" }),
  email: z.string().meta({
    description: "E-mail address",
    example: "ada@example.com",
  }),
  display_name: z.string().meta({
    description: "Name that others see",
    example: "Ada Example",
  }),
  role: z.enum(["member", "admin"]).meta({
    description: "`admin` can see and manage all athletes and users",
  }),
}).meta({ id: "User", description: "A user with an account" });

/** A session that was opened or refreshed. */
export const Login = z.object({
  user: User,
  access_expires_at: Instant.meta({
    description:
      "When the access token expires. Refresh before that, or on a 401",
  }),
  expires_at: Instant.meta({
    description:
      "When the session expires unless it is refreshed: 7 days from now, at most 90 days after " +
      "the login",
  }),
  access_token: z.string().meta({
    description:
      "With `return_tokens`: the access token, to send as `Authorization: Bearer`",
    example: "pa_9Q2vJx7mB4kT1sYwLzE8cRfN6hUaGdP0oViMqCtXbKe",
  }).optional(),
  refresh_token: z.string().meta({
    description:
      "With `return_tokens`: the refresh token for `/api/auth/refresh`, valid once",
    example: "pr_lF2Ku9vqYd4m0nS7cJb1xWgZ5hT8oRiE3aQkPyNfUeM",
  }).optional(),
}).meta({
  id: "Login",
  description:
    "The session. Its tokens are in cookies or, if requested, in this response",
});

/** The input of a login. */
export const LoginInput = z.strictObject({
  username: z.string().min(1).max(MAX_NAME_LENGTH).meta({
    description: "Username or e-mail address, case-insensitive",
    example: "ada",
  }),
  password: Password.meta({
    description: "Password of the user",
    example: "ten thousand miles",
  }),
  return_tokens: ReturnTokens,
});

/** The input of a refresh: a token, for clients without cookies. */
export const LoginRefreshInput = z.strictObject({
  refresh_token: RefreshToken,
}).default({});

/** The input of a logout: a token, for clients without cookies. */
export const LogoutInput = z.strictObject({
  refresh_token: RefreshToken,
}).default({});

/** The response of a logout. */
export const Logout = z.object({ status: z.literal("logged_out") }).meta({
  id: "Logout",
  description: "The session has ended and its cookies are cleared",
});

/** The input of a sign-up. */
export const SignUpInput = z.strictObject({
  username: z.string().regex(
    /^[A-Za-z0-9][A-Za-z0-9_.-]{1,31}$/,
    "must have 2 to 32 letters, digits or _ . - and begin with a letter or digit",
  ).meta({
    description:
      "2 to 32 letters, digits or `_` `.` `-`, starting with a letter or digit",
    example: "ada",
  }),
  email: z.email("must be an address such as ada@example.com").max(
    MAX_NAME_LENGTH,
  ).meta({ description: "E-mail address", example: "ada@example.com" }),
  display_name: z.string().trim().min(1).max(80).regex(
    /^\P{Cc}*$/u,
    "must not have control characters",
  ).meta({
    description: "Name that others see. Defaults to the username",
    example: "Ada Example",
  }).optional(),
  password: NewPassword,
  return_tokens: ReturnTokens,
});

/** The input of the set-up. */
export const SetUpInput = SignUpInput.extend({
  code: z.string().min(1).max(100).meta({
    description:
      "Set-up code that the server prints at the start, and that `paceline user set-up-code` " +
      "prints. Case, spaces and dashes do not matter",
    example: "7Q2M-0ZKD-9XWA-4FTB",
  }),
});

/** The ways into an instance, and who is in. */
export const Instance = z.object({
  user: User.nullable().meta({
    description: "The logged-in user. Null without a session",
  }),
  needs_set_up: z.boolean().meta({
    description: "Whether there is no administrator yet: see `auth.setUp`",
    example: false,
  }),
  signup: z.enum(["closed", "open"]).meta({
    description: "Whether anyone may create an account: see `auth.signUp`",
    example: "closed",
  }),
  strava: z.boolean().meta({
    description: "Whether athletes can connect Strava at this instance",
    example: true,
  }),
}).meta({
  id: "Instance",
  description: "The ways into an instance, and who is in",
});

/** The user and the session of the caller. */
export const Me = z.object({
  user: User,
  session: z.object({
    id: z.uuid().meta({
      description: "Session id",
      example: "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11",
    }),
    access_expires_at: Instant.meta({
      description: "When the access token expires",
    }),
    authenticated_at: Instant.meta({
      description:
        "When the password was last given. Operations that cannot be undone require it within 10 " +
        "minutes",
    }),
  }),
}).meta({ id: "Me", description: "The user and the session of the caller" });

/** An open session of a user. */
export const Session = z.object({
  id: z.uuid().meta({
    description: "Session id",
    example: "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11",
  }),
  current: z.boolean().meta({
    description: "Whether this request uses the session",
    example: true,
  }),
  created_at: Instant.meta({ description: "When the user logged in" }),
  last_seen_at: Instant.meta({
    description: "Time of last use, accurate to a minute",
  }),
  expires_at: Instant.meta({
    description: "When the session expires unless it is refreshed",
  }),
  address: z.string().nullable().meta({
    description: "IP address of the last refresh",
    example: "203.0.113.7",
  }),
  agent: z.string().nullable().meta({
    description: "User agent of the client",
    example: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0",
  }),
}).meta({ id: "Session", description: "An open session of a user" });

/** All open sessions of a user. */
export const Sessions = z.object({
  data: z.array(Session).meta({ description: "The sessions, newest first" }),
}).meta({ id: "Sessions", description: "The user's open sessions" });

/** The session to end. */
export const RevokeSessionInput = z.strictObject({
  id: z.uuid().meta({
    description: "Session id",
    example: "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11",
  }),
});

/** The number of ended sessions. */
export const RevokedSessions = z.object({
  revoked: z.number().int().meta({
    description: "Number of sessions that were ended",
    example: 1,
  }),
}).meta({
  id: "RevokedSessions",
  description: "The number of sessions that were ended",
});

/** The password of the current user. */
export const ConfirmPasswordInput = z.strictObject({
  password: Password.meta({
    description: "Password of the user",
    example: "ten thousand miles",
  }),
});

/** The time of the confirmation. */
export const ConfirmedPassword = z.object({
  authenticated_at: Instant.meta({
    description: "When the password was confirmed",
  }),
}).meta({
  id: "ConfirmedPassword",
  description:
    "The password was confirmed. Operations that cannot be undone are allowed for 10 minutes",
});

/** The current and the new password. */
export const ChangePasswordInput = z.strictObject({
  current_password: Password.meta({
    description: "Current password",
    example: "ten thousand miles",
  }),
  new_password: NewPassword.meta({ example: "one hundred climbs" }),
});
