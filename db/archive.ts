import type { Pool, Sql } from "./client.ts";

/** A table's rows in an archive. */
export interface ArchivePart {
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
export const ARCHIVE: readonly ArchivePart[] = [
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
export const NOT_IN_ARCHIVE: Readonly<Record<string, string>> = {
  audit_events:
    "what was done with an account, which that account's archive has",
  walk_pages: "ids of stored activities, until the walk that is under way ends",
};

/** So many rows are in memory at once. */
const ROWS = 500;

/**
 * Reads all that is kept of an athlete as it is at one moment, whatever a sync does meanwhile;
 * `take` gets it in portions, each row as a JSON object whose fields are the table's columns.
 */
export async function readArchive(
  pool: Pool,
  { athleteId, take }: {
    athleteId: number;
    take: (kind: string, rows: readonly string[]) => Promise<void>;
  },
): Promise<void> {
  await pool.begin("isolation level repeatable read read only", async (sql) => {
    for (const part of ARCHIVE) {
      const query = sql<{ row: string }[]>`${selectPart(sql, part, athleteId)}`;
      for await (const rows of query.cursor(ROWS)) {
        await take(part.kind, rows.map(({ row }) => row));
      }
    }
  });
}

function selectPart(
  sql: Sql,
  { table, athlete = "athlete_id", order, without }: ArchivePart,
  athleteId: number,
): ReturnType<Sql> {
  const row = without
    ? sql`to_jsonb(part) - ${[...without]}::text[]`
    : sql`row_to_json(part)`;
  return sql`
    select (${row})::text as row
    from ${sql(table)} as part
    where ${sql(athlete)} = ${athleteId}
    ${order ? sql`order by ${sql(order)}` : sql``}
  `;
}
