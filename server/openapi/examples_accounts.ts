import type { inferRouterOutputs } from "@trpc/server";
import { Instant } from "../../db/driver/client.ts";
import type { AppRouter } from "../router.ts";

type Outputs = inferRouterOutputs<AppRouter>;
type Key = Outputs["keys"]["rename"];
type Page = Outputs["admin"]["audit"];

const KEY: Key = {
  id: "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11",
  name: "Shortcut on the phone",
  prefix: "pl_Ab3dE9xZ",
  scopes: ["stats:read", "sync:write"],
  active: true,
  created_at: new Instant("2025-11-02T17:41:09Z"),
  expires_at: null,
  last_used_at: new Instant("2025-12-06T09:00:04Z"),
  last_used_address: "203.0.113.7",
  revoked_at: null,
};

/** What the procedures over keys answer. */
export const KEY_EXAMPLES: Outputs["keys"] = {
  create: {
    key: "pl_Ab3dE9xZ_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG",
    ...KEY,
    last_used_at: null,
    last_used_address: null,
  },
  list: { data: [KEY] },
  rename: KEY,
  revoke: {
    ...KEY,
    active: false,
    revoked_at: new Instant("2025-12-06T10:12:44Z"),
  },
};

/** A page of the audit. */
export const AUDIT_EXAMPLE: Page = {
  data: [{
    id: 1042,
    at: new Instant("2025-12-06T10:12:44Z"),
    kind: "key_revoked",
    user_id: "8f6a2f0c-61f4-4b57-9a53-0f6b7e2f4c11",
    username: "ada",
    actor_id: null,
    session_id: "b6c7f0de-7d1b-4b0f-8d0c-58b0a7a3c2f4",
    api_key_id: KEY.id,
    athlete_id: null,
    address: "203.0.113.7",
    agent: "Mozilla/5.0",
    detail: { prefix: KEY.prefix },
  }],
  next_cursor: "1042",
};

/** What the procedures over the own account answer. */
export const ACCOUNT_EXAMPLES: Pick<
  Outputs["auth"],
  "events" | "deleteAccount"
> = {
  events: AUDIT_EXAMPLE,
  deleteAccount: {
    status: "deleted",
    athletes: [{ id: 7654321, revoked_at_strava: true }],
  },
};
