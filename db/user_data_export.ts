import {
  EXPORT_BATCH_ROWS,
  type ExportedTable,
  readAthleteParts,
  readPart,
  type TakeRows,
  takeRows,
} from "./data_export.ts";
import type { Pool, Sql } from "./driver/client.ts";

/** What is kept of a user beside the audit and the athletes. Nothing in it opens a door. */
export const USER_EXPORT: readonly (
  & Omit<ExportedTable, "athlete">
  & { user?: string }
)[] = [
  { kind: "user", table: "users", user: "id" },
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

/** Tables of a user's rows that no archive has, and why. */
export const NOT_IN_USER_EXPORT: Readonly<Record<string, string>> = {
  passwords: "a hash from which the password could be guessed",
  refresh_tokens: "nothing but hashes of tokens",
};

/**
 * Reads all that is kept of a user, with everything of their athletes, as it is at one moment: the
 * account, then what was recorded of it, then athlete by athlete.
 */
export async function readUserExport(
  pool: Pool,
  { userId, take }: { userId: string; take: TakeRows },
): Promise<void> {
  await pool.begin("isolation level repeatable read read only", async (sql) => {
    for (const { user = "user_id", ...part } of USER_EXPORT) {
      await readPart(sql, part, { owner: [user, userId], take });
    }
    await readAudit(sql, { userId, take });
    const athletes = await sql<{ id: number }[]>`
      select id
      from athletes
      where user_id = ${userId}
      order by connected_at, id
    `;
    for (const { id: athleteId } of athletes) {
      await readAthleteParts(sql, { athleteId, take });
    }
  });
}

/** Where somebody else sat who did something, such as an administrator, is not the user's to know. */
async function readAudit(
  sql: Sql,
  { userId, take }: { userId: string; take: TakeRows },
): Promise<void> {
  const query = sql<{ row: string }[]>`
    select
      (
        case
          when user_id is not null
            and coalesce(actor_id, user_id) = user_id
            and detail ->> 'by' is distinct from 'instance'
          then to_jsonb(part)
          else to_jsonb(part) - array['session_id', 'address', 'agent']
        end
      )::text as row
    from audit_events as part
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
  await takeRows(query.cursor(EXPORT_BATCH_ROWS), {
    kind: "audit_event",
    take,
  });
}
