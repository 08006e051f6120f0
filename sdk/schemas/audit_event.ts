import * as z from "zod";
import { Amount, Instant } from "./parts.ts";

/** What can be recorded. */
export const AuditKind = z.enum([
  "account_deleted",
  "account_exported",
  "athlete_connected",
  "athlete_deleted",
  "athlete_disconnected",
  "athlete_shared",
  "key_created",
  "key_renamed",
  "key_revoked",
  "login",
  "login_failed",
  "login_throttled",
  "logout",
  "password_changed",
  "password_reset",
  "refresh_reused",
  "session_revoked",
  "signup",
  "user_created",
  "user_disabled",
  "user_enabled",
]).meta({ id: "AuditKind", description: "What can be recorded" });

const Moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

const page = {
  limit: z.number().int().min(1).max(200).default(100).meta({
    description: "How many events at most",
  }),
  cursor: z.string().regex(
    /^[1-9]\d{0,14}$/,
    "must be the next_cursor of a page",
  ).meta({
    description:
      "`next_cursor` of the page before; events that arrive meanwhile shift nothing",
  }).optional(),
};

/** Which events, and how many. */
export const AuditInput = z.strictObject({
  ...page,
  user: z.string().min(1).max(254).refine(
    (name) => !/\p{Cc}/u.test(name),
    "must be a name without control characters",
  ).meta({
    description:
      "Only about this user, or done by them: an id, a username or an e-mail address. Of a deleted account only the id is left",
    example: "ada",
  }).optional(),
  kind: AuditKind.optional(),
  from: Moment.meta({
    description: "Only from this moment on; a date is its first in UTC",
    example: "2025-12-01",
  }).optional(),
  to: Moment.meta({
    description: "Only before this moment",
    example: "2025-12-07T00:00:00Z",
  }).optional(),
}).default({ limit: 100 });

/** How many of one's own events. */
export const OwnEventsInput = z.strictObject(page).default({ limit: 100 });

const DetailValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string()),
]);

const Person = z.uuid().nullable();

/** What happened to whose account, when, and by whom. */
export const AuditEvent = z.object({
  id: Amount.meta({ example: 1042 }),
  at: Instant,
  kind: AuditKind,
  user_id: Person.meta({
    description:
      "Whose account it is about; null where there is none, as with a login under an unknown name",
    example: "8f6a2f0c-61f4-4b57-9a53-0f6b7e2f4c11",
  }),
  username: z.string().nullable().meta({
    description: "What that user is called; null once the account is deleted",
    example: "ada",
  }),
  actor_id: Person.meta({
    description: "Who did it, where that is another user",
    example: null,
  }),
  session_id: Person.meta({ example: null }),
  api_key_id: Person.meta({
    example: "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11",
  }),
  athlete_id: Amount.nullable().meta({
    description: "Strava's id",
    example: null,
  }),
  address: z.string().nullable().meta({
    description: "Where it came from",
    example: "203.0.113.7",
  }),
  agent: z.string().nullable().meta({
    description: "The program that did it, as it calls itself",
    example: "Mozilla/5.0",
  }),
  detail: z.record(z.string(), DetailValue).meta({
    description: "Further words on it, after its kind",
    example: { prefix: "pl_Ab3dE9xZ", scopes: ["stats:read"] },
  }),
}).meta({
  id: "AuditEvent",
  description: "What happened to whose account, when, and by whom",
});

/** Events, newest first. */
export const AuditPage = z.object({
  data: z.array(AuditEvent),
  next_cursor: z.string().nullable().meta({
    description: "The `cursor` of the next page; null on the last",
    example: "943",
  }),
}).meta({ id: "AuditPage", description: "Events, newest first" });
