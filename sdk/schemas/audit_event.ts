import * as z from "zod";
import { Amount, Instant } from "./parts.ts";

/** The kind of an audit event. */
export const AuditKind = z.enum([
  "account_deleted",
  "account_exported",
  "athlete_connected",
  "athlete_deleted",
  "athlete_disconnected",
  "athlete_shared",
  "files_uploaded",
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
]).meta({ id: "AuditKind", description: "The kind of an audit event" });

const Moment = z.union([z.iso.datetime({ offset: true }), z.iso.date()]);

const page = {
  limit: z.number().int().min(1).max(200).default(100).meta({
    description: "Maximum number of events in the page",
  }),
  cursor: z.string().regex(
    /^[1-9]\d{0,14}$/,
    "must be the next_cursor of a page",
  ).meta({
    description:
      "`next_cursor` of the previous page. Events that are added between two requests do not " +
      "shift the pages",
  }).optional(),
};

/** The filters and the page of the audit log. */
export const AuditInput = z.strictObject({
  ...page,
  user: z.string().min(1).max(254).refine(
    (name) => !/\p{Cc}/u.test(name),
    "must be a name without control characters",
  ).meta({
    description:
      "Only events about or by this user: an id, a username or an e-mail address. A deleted " +
      "account can only be found by its id",
    example: "ada",
  }).optional(),
  kind: AuditKind.optional(),
  from: Moment.meta({
    description:
      "Only events at or after this time. A date means its start in UTC",
    example: "2025-12-01",
  }).optional(),
  to: Moment.meta({
    description: "Only events before this time",
    example: "2025-12-07T00:00:00Z",
  }).optional(),
}).default({ limit: 100 });

/** The page of the user's own events. */
export const OwnEventsInput = z.strictObject(page).default({ limit: 100 });

const DetailValue = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.null(),
  z.array(z.string()),
]);

const Person = z.uuid().nullable();

/** An audit event: what happened to an account, when, and by whom. */
export const AuditEvent = z.object({
  id: Amount.meta({ description: "Event id", example: 1042 }),
  at: Instant.meta({ description: "When it happened" }),
  kind: AuditKind,
  user_id: Person.meta({
    description:
      "User whom the event is about. Null if there is none, as for a login with an unknown name",
    example: "8f6a2f0c-61f4-4b57-9a53-0f6b7e2f4c11",
  }),
  username: z.string().nullable().meta({
    description:
      "Current username of that user. Null once the account is deleted",
    example: "ada",
  }),
  actor_id: Person.meta({
    description: "User who caused the event, if it is another user",
    example: null,
  }),
  session_id: Person.meta({
    description: "Session in which it happened, if any",
    example: null,
  }),
  api_key_id: Person.meta({
    description: "API key that was used or changed, if any",
    example: "5f1d7a84-0c1b-4f7e-9a52-6f2f3b8f0e11",
  }),
  athlete_id: Amount.nullable().meta({
    description: "Strava's athlete id",
    example: null,
  }),
  address: z.string().nullable().meta({
    description: "IP address of the request",
    example: "203.0.113.7",
  }),
  agent: z.string().nullable().meta({
    description: "User agent of the client",
    example: "Mozilla/5.0",
  }),
  detail: z.record(z.string(), DetailValue).meta({
    description: "Details that depend on `kind`",
    example: { prefix: "pl_Ab3dE9xZ", scopes: ["stats:read"] },
  }),
}).meta({
  id: "AuditEvent",
  description: "An audit event: what happened to an account, when, and by whom",
});

/** A page of audit events, newest first. */
export const AuditPage = z.object({
  data: z.array(AuditEvent).meta({ description: "The events, newest first" }),
  next_cursor: z.string().nullable().meta({
    description: "`cursor` of the next page. Null on the last page",
    example: "943",
  }),
}).meta({
  id: "AuditPage",
  description: "A page of audit events, newest first",
});
