import { AuditInput, AuditPage, OwnEventsInput } from "@paceline/sdk/schemas";
import type * as z from "zod";
import { type AuditEvent, listAuditEvents } from "../../db/audit_events.ts";
import { findUser } from "../../db/users.ts";
import { adminProcedure, sessionProcedure } from "../trpc.ts";

/** The audit log for administrators. */
export const auditProcedures = {
  /** Lists audit events of all accounts. */
  audit: adminProcedure
    .meta({
      scope: "admin",
      openapi: {
        method: "GET",
        path: "/strava/admin/audit",
        tags: ["admin"],
        summary: "List audit events",
        description:
          "Logins and failed logins, passwords, API keys, connections and deletions of all accounts, " +
          "newest first. Events are never changed; they are deleted after `AUDIT_RETENTION`.",
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
        // One more than asked for shows whether there is a next page.
        limit: limit + 1,
      });
      return toPage(events, limit);
    }),
};

/** The audit log of the user's own account. */
export const ownEventsProcedures = {
  /** Lists audit events of the user's own account. */
  events: sessionProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/api/auth/events",
        tags: ["auth"],
        summary: "List the events of your account",
        description:
          "Logins and failed logins, passwords, API keys, connections and deletions, newest first. " +
          "The address and user agent of an administrator are not shown.",
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

/** Returns the id of a user by name. An id is accepted too, since the user may be deleted; `null` for neither. */
async function findUserId(
  sql: Parameters<typeof findUser>[0],
  name: string,
): Promise<string | null> {
  const account = await findUser(sql, { name });
  return account?.id ?? (UUID.test(name) ? name : null);
}

const UUID = /^[\da-f]{8}-([\da-f]{4}-){3}[\da-f]{12}$/i;

/**
 * Removes the session, address and user agent from events that an administrator caused, by account or
 * by `INTERNAL_API_KEY`: these are the administrator's data.
 */
function hideActor(event: AuditEvent, userId: string): AuditEvent {
  const isOwn = event.detail["by"] !== "instance" &&
    (event.actorId === null || event.actorId === userId);
  return isOwn
    ? event
    : { ...event, sessionId: null, address: null, agent: null };
}

/** Returns a page of at most `limit` events. `events` has one more if another page follows. */
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

/** Returns the wire form of an event; the only place a column becomes a public field. */
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
