import type { AuditKind } from "../../db/audit_events.ts";
import type { Sql } from "../../db/driver/client.ts";
import type { ServedAthlete } from "../../db/served_athletes.ts";
import { record } from "../audit.ts";
import { userOf } from "../auth/access.ts";
import type { Context } from "../context.ts";

/** The context of a request about one of the caller's athletes. */
export type AthleteContext = Context & { athlete: ServedAthlete };

/** Records an audit event about an athlete and its caller, in the transaction of the change. */
export async function recordAthleteEvent(
  ctx: AthleteContext,
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
