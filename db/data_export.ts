import type { Pool, Sql } from "./driver/client.ts";
import { unpackJson } from "./streams/stream_columns.ts";

/** A table whose rows are part of a data export. */
export interface ExportedTable {
  /** The `kind` of its rows in the export. */
  kind: string;
  table: string;
  /** The column with the owner's id. Default: "athlete_id", or "user_id" for a user's table. */
  ownerColumn?: string;
  /** The column that orders the rows, if an owner can have more than one. */
  order?: string;
  /** Rows in memory at once, if they may be large. Default: {@link EXPORT_BATCH_ROWS}. */
  batchRows?: number;
  /** Columns to leave out. All others are exported. */
  without?: readonly string[];
  /** Returns a row, which is a JSON object, in the form of the export. */
  toText?: (row: string) => string;
}

/** The tables with an athlete's data, in export order. */
export const ATHLETE_EXPORT: readonly ExportedTable[] = [
  // A leaked export must open neither the athlete's Strava account nor the share link.
  {
    kind: "athlete",
    table: "athletes",
    ownerColumn: "id",
    without: ["share_hash", "share_token"],
  },
  {
    kind: "grant",
    table: "grants",
    without: ["access_token", "refresh_token"],
  },
  { kind: "sync_state", table: "sync_state" },
  { kind: "sync_run", table: "sync_runs", order: "id" },
  { kind: "push_event", table: "webhook_events", order: "id" },
  { kind: "activity", table: "activities", order: "id" },
  {
    kind: "imported_file",
    table: "imported_files",
    order: "content_hash",
    batchRows: 4,
  },
  {
    kind: "recording",
    table: "recordings",
    order: "activity_id",
  },
  { kind: "import", table: "imports", order: "id" },
  {
    kind: "import_entry",
    table: "import_entries",
    order: "import_id",
    batchRows: 4,
  },
  { kind: "activity_edit", table: "activity_edits", order: "activity_id" },
  {
    kind: "recording_streams",
    table: "recording_streams",
    order: "content_hash",
    batchRows: 20,
    toText: unpackJson,
  },
  {
    kind: "strava_streams",
    table: "strava_streams",
    order: "activity_id",
    batchRows: 20,
    toText: unpackJson,
  },
  { kind: "stream_fetch", table: "stream_fetches", order: "activity_id" },
  { kind: "gear", table: "gear", order: "id" },
  { kind: "athlete_value", table: "athlete_values", order: "date" },
  { kind: "privacy_zone", table: "privacy_zones", order: "id" },
  {
    kind: "pending_deletion",
    table: "pending_deletions",
    order: "activity_id",
  },
  {
    kind: "quarantined_activity",
    table: "quarantined_activities",
    order: "activity_id",
  },
];

/** Tables with an athlete's rows that are not exported, with the reason. */
export const NOT_IN_ATHLETE_EXPORT: Readonly<Record<string, string>> = {
  activity_kinds: "values of exported activities",
  activity_months: "values of exported activities",
  audit_events: "part of the export of the user's account",
  full_sync_pages: "ids of stored activities, kept only during a full sync",
};

/**
 * The tables with a user's own data, in export order. Their athletes' tables and the audit events
 * follow other rules, see {@link readUserExport}. A leaked export must not open the account.
 */
export const USER_EXPORT: readonly ExportedTable[] = [
  { kind: "user", table: "users", ownerColumn: "id" },
  {
    kind: "session",
    table: "sessions",
    order: "created_at",
    without: ["access_hash"],
  },
  {
    kind: "api_key",
    table: "api_keys",
    order: "created_at",
    without: ["hash"],
  },
];

/** Tables with a user's rows that are not exported, with the reason. */
export const NOT_IN_USER_EXPORT: Readonly<Record<string, string>> = {
  passwords: "a hash from which the password could be guessed",
  refresh_tokens: "nothing but hashes of tokens",
};

/** Maximum number of rows in memory at once. */
export const EXPORT_BATCH_ROWS = 500;

/** Writes a batch of rows of one kind, each a JSON object of the table's columns. */
export type WriteRows = (
  kind: string,
  rows: readonly string[],
) => Promise<void>;

/** Reads an athlete's data from one snapshot, unaffected by a running sync, and writes it in batches. */
export async function readAthleteExport(
  pool: Pool,
  { athleteId, writeRows }: { athleteId: number; writeRows: WriteRows },
): Promise<void> {
  await pool.begin(
    "isolation level repeatable read read only",
    (sql) => readAthleteTables(sql, { athleteId, writeRows }),
  );
}

/**
 * Reads a user's data with that of all their athletes from one snapshot and writes it in batches: the
 * account, its audit events, then athlete by athlete.
 */
export async function readUserExport(
  pool: Pool,
  { userId, writeRows }: { userId: string; writeRows: WriteRows },
): Promise<void> {
  await pool.begin("isolation level repeatable read read only", async (sql) => {
    for (const { ownerColumn = "user_id", ...table } of USER_EXPORT) {
      await readTable(sql, table, { owner: [ownerColumn, userId], writeRows });
    }
    await readAuditEvents(sql, { userId, writeRows });
    const athletes = await sql<{ id: number }[]>`
      select id
      from athletes
      where user_id = ${userId}
      order by connected_at, id
    `;
    for (const { id: athleteId } of athletes) {
      await readAthleteTables(sql, { athleteId, writeRows });
    }
  });
}

async function readAthleteTables(
  sql: Sql,
  { athleteId, writeRows }: { athleteId: number; writeRows: WriteRows },
): Promise<void> {
  for (const { ownerColumn = "athlete_id", ...table } of ATHLETE_EXPORT) {
    await readTable(sql, table, { owner: [ownerColumn, athleteId], writeRows });
  }
}

/** Reads the rows of a table that belong to one owner and writes them in batches. */
async function readTable(
  sql: Sql,
  { kind, table, order, without, toText, batchRows = EXPORT_BATCH_ROWS }: Omit<
    ExportedTable,
    "ownerColumn"
  >,
  { owner: [column, id], writeRows }: {
    owner: readonly [column: string, id: number | string];
    writeRows: WriteRows;
  },
): Promise<void> {
  const row = without
    ? sql`to_jsonb(exported) - ${[...without]}::text[]`
    : sql`row_to_json(exported)`;
  const query = sql<{ row: string }[]>`
    select (${row})::text as row
    from ${sql(table)} as exported
    where ${sql(column)} = ${id}
    ${order ? sql`order by ${sql(order)}` : sql``}
  `;
  await writeBatches(query.cursor(batchRows), { kind, writeRows, toText });
}

/**
 * Reads a user's audit events and writes them in batches. The session, address and agent of somebody else, such as an
 * administrator, are left out: they are not the user's data.
 */
async function readAuditEvents(
  sql: Sql,
  { userId, writeRows }: { userId: string; writeRows: WriteRows },
): Promise<void> {
  const query = sql<{ row: string }[]>`
    select
      (
        case
          when user_id is not null
            and coalesce(actor_id, user_id) = user_id
            and detail ->> 'by' is distinct from 'instance'
          then to_jsonb(exported)
          else to_jsonb(exported) - array['session_id', 'address', 'agent']
        end
      )::text as row
    from audit_events as exported
    where user_id = ${userId}
      or (
        user_id is null
        and athlete_id in (
          select id
          from athletes
          where user_id = ${userId}
        )
      )
    order by id
  `;
  const kind = "audit_event";
  await writeBatches(query.cursor(EXPORT_BATCH_ROWS), { kind, writeRows });
}

/** Writes the batches of a cursor one after the other; the next is read only after the last is written. */
async function writeBatches(
  batches: AsyncIterable<readonly { row: string }[]>,
  { kind, writeRows, toText = (row) => row }: {
    kind: string;
    writeRows: WriteRows;
    toText?: ((row: string) => string) | undefined;
  },
): Promise<void> {
  for await (const rows of batches) {
    await writeRows(kind, rows.map(({ row }) => toText(row)));
  }
}
