import {
  type AuditEventInput,
  type AuditKind,
  insertAuditEvent,
} from "../db/audit_events.ts";
import type { Sql } from "../db/driver/client.ts";

/** The context of an audit event: a request's context, or the dependencies of a command. */
export interface AuditContext {
  /** The pool, or the transaction of the recorded change. */
  sql: Sql;
  now: () => number;
  address?: string | undefined;
  agent?: string | undefined;
}

/** Records an event with its time and origin. In a transaction: `record({ ...ctx, sql }, ...)`. */
export async function record(
  { sql, now, address, agent }: AuditContext,
  kind: AuditKind,
  event: Omit<AuditEventInput, "at" | "kind" | "address" | "agent"> = {},
): Promise<void> {
  await insertAuditEvent(sql, {
    ...event,
    kind,
    at: new Date(now()),
    address: address ?? null,
    agent: agent ?? null,
  });
}
