import type { Disconnect } from "@paceline/sdk/schemas";
import type * as z from "zod";
import type { AuditKind } from "../../db/audit_events.ts";
import type { ServedAthlete } from "../../db/athletes.ts";
import type { Sql } from "../../db/driver/client.ts";
import { userOf } from "../auth/access.ts";
import { record } from "../audit.ts";
import type { Context } from "../context.ts";
import { disconnectAthlete } from "../grants/disconnect.ts";
import { requireRecentSession } from "../trpc.ts";

/** A request about one athlete of the caller's. */
type OwnContext = Context & { athlete: ServedAthlete };

/**
 * Ends the connection, with the data or without, and records it. Deleting cannot be undone: the
 * password was given a moment ago, or the caller holds `INTERNAL_API_KEY`.
 */
export async function endConnection(
  ctx: OwnContext,
  { data }: { data: "keep" | "delete" },
): Promise<z.input<typeof Disconnect>> {
  const deleteData = data === "delete";
  if (deleteData && ctx.caller.kind !== "admin") requireRecentSession(ctx);
  const { id } = ctx.athlete;
  const kind = deleteData ? "athlete_deleted" : "athlete_disconnected";
  const { revokedAtStrava } = await disconnectAthlete(ctx, {
    athleteId: id,
    deleteData,
    settle: (sql) => recordAthlete(ctx, { sql, kind }),
  });
  return {
    status: "disconnected",
    athlete_id: id,
    revoked_at_strava: revokedAtStrava,
    data: deleteData ? "deleted" : "kept",
  };
}

/** Records what was done to an athlete, in the transaction that does it, and who did it. */
export async function recordAthlete(
  ctx: OwnContext,
  { sql, kind, detail = {} }: {
    sql: Sql;
    kind: AuditKind;
    detail?: Record<string, string | boolean>;
  },
): Promise<void> {
  const { caller, athlete: { id, userId } } = ctx;
  const actorId = userOf(caller)?.id;
  await record({ ...ctx, sql }, kind, {
    userId,
    actorId: actorId === userId ? undefined : actorId,
    sessionId: caller.kind === "session" ? caller.session.id : undefined,
    apiKeyId: caller.kind === "key" ? caller.key.id : undefined,
    athleteId: id,
    detail: caller.kind === "admin" ? { ...detail, by: "instance" } : detail,
  });
}
