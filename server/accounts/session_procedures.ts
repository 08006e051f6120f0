import {
  RevokedSessions,
  RevokeSessionInput,
  Sessions,
} from "@paceline/sdk/schemas";
import * as z from "zod";
import {
  listSessions,
  revokeSessions,
  type Session,
  type SessionCaller,
} from "../../db/sessions.ts";
import { record } from "../audit.ts";
import type { Context } from "../context.ts";
import { AppError } from "../errors.ts";
import { sessionProcedure } from "../trpc.ts";

/** The procedures with which users see and end their own sessions. */
export const sessionProcedures = {
  /** Lists the user's live sessions. */
  sessions: sessionProcedure
    .meta({
      openapi: {
        method: "GET",
        path: "/api/auth/sessions",
        tags: ["auth"],
        summary: "List the sessions",
        description:
          "The user's live sessions, newest first, with the address and the user agent that last " +
          "logged in or refreshed. `current` marks the session of this request.",
      },
    })
    .output(Sessions)
    .query(async ({ ctx }) => {
      const rows = await listSessions(ctx.sql, {
        userId: ctx.user.id,
        now: new Date(ctx.now()),
      });
      return { data: rows.map((row) => toSession(row, ctx.session.id)) };
    }),

  /** Ends one session. */
  revokeSession: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/revoke-session",
        tags: ["auth"],
        summary: "End a session",
        description: "Logs out one of the user's sessions immediately.",
      },
      errors: ["session_not_found"],
    })
    .input(RevokeSessionInput)
    .output(RevokedSessions)
    .mutation(async ({ ctx, input: { id } }) => {
      const revoked = await revoke(ctx, { id });
      if (revoked.length === 0) throw new AppError("session_not_found");
      return { revoked: revoked.length };
    }),

  /** Ends all sessions except the current one. */
  revokeOtherSessions: sessionProcedure
    .meta({
      openapi: {
        method: "POST",
        path: "/api/auth/revoke-other-sessions",
        tags: ["auth"],
        summary: "End all other sessions",
        description: "Logs the user out everywhere else, immediately.",
      },
    })
    .input(z.strictObject({}).default({}))
    .output(RevokedSessions)
    .mutation(async ({ ctx }) => {
      const revoked = await revoke(ctx, { exceptId: ctx.session.id });
      return { revoked: revoked.length };
    }),
};

async function revoke(
  { sql, ...ctx }: Context & SessionCaller,
  which: { id: string } | { exceptId: string },
): Promise<string[]> {
  const { user: { id: userId } } = ctx;
  const now = new Date(ctx.now());
  return await sql.begin(async (sql) => {
    const options = { userId, which, reason: "revoked", now } as const;
    const revoked = await revokeSessions(sql, options);
    for (const sessionId of revoked) {
      await record({ ...ctx, sql }, "session_revoked", { userId, sessionId });
    }
    return revoked;
  });
}

/** Returns the wire form of a session. */
function toSession(
  row: Session,
  currentId: string,
): z.input<typeof Sessions>["data"][number] {
  return {
    id: row.id,
    current: row.id === currentId,
    created_at: row.createdAt,
    last_seen_at: row.lastSeenAt,
    expires_at: row.expiresAt,
    address: row.address,
    agent: row.agent,
  };
}
