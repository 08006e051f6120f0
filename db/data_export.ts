import type { Pool, Sql } from "./driver/client.ts";

/** A table's rows in an archive. */
export interface ExportedTable {
  /** What each of its rows is called there. */
  kind: string;
  table: string;
  /** The column that says whose row it is. Default: "athlete_id". */
  athlete?: string;
  /** The column by which the rows are ordered, where an athlete has more than one. */
  order?: string;
  /** Columns that are no part of it. */
  without?: readonly string[];
}

/** All that is kept of an athlete, in the order of the archive. A table's other columns all come along. */
export const ATHLETE_EXPORT: readonly ExportedTable[] = [
  // Whoever finds an archive must not get into the athlete's account, nor at the link.
  {
    kind: "athlete",
    table: "athletes",
    athlete: "id",
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
  { kind: "gear", table: "gear", order: "id" },
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

/** Tables of an athlete's rows that no archive has, and why. */
export const NOT_IN_ATHLETE_EXPORT: Readonly<Record<string, string>> = {
  audit_events:
    "what was done with an account, which that account's archive has",
  full_sync_pages:
    "ids of stored activities, until the walk that is under way ends",
};

/** So many rows are in memory at once. */
export const EXPORT_BATCH_ROWS = 500;

/** Takes a portion of an archive: rows of a kind, each as a JSON object of the table's columns. */
export type TakeRows = (
  kind: string,
  rows: readonly string[],
) => Promise<void>;

/** Reads all that is kept of an athlete as it is at one moment, whatever a sync does meanwhile. */
export async function readAthleteExport(
  pool: Pool,
  { athleteId, take }: { athleteId: number; take: TakeRows },
): Promise<void> {
  await pool.begin(
    "isolation level repeatable read read only",
    (sql) => readAthleteParts(sql, { athleteId, take }),
  );
}

/** The same within the caller's transaction. */
export async function readAthleteParts(
  sql: Sql,
  { athleteId, take }: { athleteId: number; take: TakeRows },
): Promise<void> {
  for (const { athlete = "athlete_id", ...part } of ATHLETE_EXPORT) {
    await readPart(sql, part, { owner: [athlete, athleteId], take });
  }
}

/** Reads the rows of a table whose column has the owner's id, in portions. */
export async function readPart(
  sql: Sql,
  { kind, table, order, without }: Omit<ExportedTable, "athlete">,
  { owner: [column, value], take }: {
    owner: readonly [column: string, value: number | string];
    take: TakeRows;
  },
): Promise<void> {
  const row = without
    ? sql`to_jsonb(part) - ${[...without]}::text[]`
    : sql`row_to_json(part)`;
  const query = sql<{ row: string }[]>`
    select (${row})::text as row
    from ${sql(table)} as part
    where ${sql(column)} = ${value}
    ${order ? sql`order by ${sql(order)}` : sql``}
  `;
  await takeRows(query.cursor(EXPORT_BATCH_ROWS), { kind, take });
}

/** Hands on each portion that a cursor gives, one after the other. */
export async function takeRows(
  portions: AsyncIterable<readonly { row: string }[]>,
  { kind, take }: { kind: string; take: TakeRows },
): Promise<void> {
  for await (const rows of portions) {
    await take(kind, rows.map(({ row }) => row));
  }
}
