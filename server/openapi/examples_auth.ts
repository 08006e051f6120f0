import type { inferRouterOutputs } from "@trpc/server";
import { Instant } from "../../db/driver/client.ts";
import { ACCOUNT_EXAMPLES } from "./examples_accounts.ts";
import type { AppRouter } from "../router.ts";

type Outputs = inferRouterOutputs<AppRouter>["auth"];

const SESSION_ID = "0b54a1c9-5d0e-4f7c-8a0f-9a6b1f6f2c11";

const USER: Outputs["me"]["user"] = {
  id: "6f1c2f0e-6a3b-4a61-9a55-0c3f4a1d2b7e",
  username: "ada",
  email: "ada@example.com",
  display_name: "Ada Example",
  role: "member",
};

const LOGIN: Outputs["login"] = {
  user: USER,
  access_expires_at: new Instant("2025-12-06T09:15:04Z"),
  expires_at: new Instant("2025-12-13T09:00:04Z"),
};

/** What the procedures of accounts answer; the compiler keeps it complete. */
export const AUTH_EXAMPLES: Outputs = {
  ...ACCOUNT_EXAMPLES,
  login: LOGIN,
  refresh: LOGIN,
  signUp: LOGIN,
  logout: { status: "logged_out" },
  me: {
    user: USER,
    session: {
      id: SESSION_ID,
      access_expires_at: new Instant("2025-12-06T09:15:04Z"),
      authenticated_at: new Instant("2025-12-06T09:00:04Z"),
    },
  },
  sessions: {
    data: [{
      id: SESSION_ID,
      current: true,
      created_at: new Instant("2025-12-06T09:00:04Z"),
      last_seen_at: new Instant("2025-12-06T09:00:04Z"),
      expires_at: new Instant("2025-12-13T09:00:04Z"),
      address: "203.0.113.7",
      agent: "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0",
    }],
  },
  revokeSession: { revoked: 1 },
  revokeOtherSessions: { revoked: 2 },
  confirmPassword: {
    authenticated_at: new Instant("2025-12-06T09:10:00Z"),
  },
  changePassword: { revoked: 2 },
};
