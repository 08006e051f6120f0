import {
  type AuditEventInput,
  type AuditKind,
  insertAuditEvent,
} from "../db/audit_events.ts";
import type { Sql } from "../db/client.ts";

/** As long as an address is, an IPv6 one with its zone too. */
const MAX_ADDRESS_LENGTH = 64;
/** Browsers' are about 130 long; more is somebody's attempt to fill the disk. */
const MAX_AGENT_LENGTH = 256;

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
    address: shorten(address, MAX_ADDRESS_LENGTH),
    agent: shorten(agent, MAX_AGENT_LENGTH),
  });
}

/** What a client says of itself: not longer than that, and nothing that PostgreSQL or a terminal trips over. */
export function shorten(
  text: string | undefined,
  length: number,
): string | null {
  // deno-lint-ignore no-control-regex -- these are what must go
  const clean = text?.replaceAll(/[\u0000-\u001f\u007f-\u009f]/g, "").trim();
  return clean ? clean.slice(0, length).toWellFormed() : null;
}
