import { AuditInput, AuditPage, OwnEventsInput } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { findUser } from "../../db/users.ts";
import { type AuditEvent, listAuditEvents } from "../../db/audit_events.ts";
import { adminProcedure, sessionProcedure } from "../trpc.ts";

/** What was recorded, for administrators. */
export const auditProcedures = {
  /** Logins, keys, connections, deletions, of everyone. */
  audit: adminProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "GET",
        path: "/strava/admin/audit",
        tags: ["admin"],
        summary: "What happened to the accounts",
        description:
          "Logins and failures, passwords, keys, connections, deletions, newest first, kept as long " +
          "as `AUDIT_RETENTION` says. Records are never changed.",
      },
    })
    .input(AuditInput)
    .output(AuditPage)
    .query(async ({ ctx, input: { limit, cursor, user, kind, from, to } }) => {
      const userId = user && await findUserId(ctx.sql, user);
      if (userId === null) return { data: [], next_cursor: null };
      const events = await listAuditEvents(ctx.sql, {
        userId,
        kind,
        from: from === undefined ? undefined : new Date(from),
        to: to === undefined ? undefined : new Date(to),
        beforeId: cursor === undefined ? undefined : Number(cursor),
        // One more tells whether there is a next page.
        limit: limit + 1,
      });
      return toPage(events, limit);
    }),
};

/** What was recorded of oneself. */
export const eventsProcedures = {
  /** One's own logins, keys, connections. */
  events: sessionProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/api/auth/events",
        tags: ["auth"],
        summary: "What happened to your account",
        description:
          "Logins and failures, passwords, keys, connections, deletions, newest first. Of what an " +
          "administrator did, address and program are not shown.",
      },
    })
    .input(OwnEventsInput)
    .output(AuditPage)
    .query(async ({ ctx, input: { limit, cursor } }) => {
      const { id: userId } = ctx.user;
      const events = await listAuditEvents(ctx.sql, {
        userId,
        beforeId: cursor === undefined ? undefined : Number(cursor),
        limit: limit + 1,
      });
      return toPage(events.map((event) => hideActor(event, userId)), limit);
    }),
};

/** The id of a user who is there, or one that was somebody's; `null` for what is neither. */
async function findUserId(
  sql: Parameters<typeof findUser>[0],
  name: string,
): Promise<string | null> {
  const account = await findUser(sql, { name });
  return account?.id ?? (UUID.test(name) ? name : null);
}

const UUID = /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/i;

/** Where an administrator sits, by account or by `INTERNAL_API_KEY`, is none of the user's business. */
function hideActor(event: AuditEvent, userId: string): AuditEvent {
  const isOwn = event.detail["by"] !== "instance" &&
    (event.actorId === null || event.actorId === userId);
  return isOwn
    ? event
    : { ...event, sessionId: null, address: null, agent: null };
}

/** A page of so many; `events` has one more where another follows. */
function toPage(
  events: readonly AuditEvent[],
  limit: number,
): z.input<typeof AuditPage> {
  const shown = events.slice(0, limit);
  return {
    data: shown.map(toAuditEvent),
    next_cursor: events.length > limit ? String(shown.at(-1)!.id) : null,
  };
}

/** The wire form of an event; the only place a column becomes a public field. */
function toAuditEvent(
  event: AuditEvent,
): z.input<typeof AuditPage>["data"][number] {
  return {
    id: event.id,
    at: event.at,
    kind: event.kind,
    user_id: event.userId,
    username: event.username,
    actor_id: event.actorId,
    session_id: event.sessionId,
    api_key_id: event.apiKeyId,
    athlete_id: event.athleteId,
    address: event.address,
    agent: event.agent,
    detail: event.detail,
  };
}
