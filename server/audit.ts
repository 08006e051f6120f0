import {
  type AuditEventInput,
  type AuditKind,
  insertAuditEvent,
} from "../db/audit_events.ts";
import type { Sql } from "../db/driver/client.ts";

/** What an event is recorded with: a request's context is one, and so is what a command runs on. */
export interface AuditContext {
  /** The pool, or the transaction that does what is recorded. */
  sql: Sql;
  now: () => number;
  address?: string | undefined;
  agent?: string | undefined;
}

/** Records what happened, when, and from where. In a transaction: `record({ ...ctx, sql }, ...)`. */
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
