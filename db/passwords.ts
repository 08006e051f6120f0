import type { Sql } from "./driver/client.ts";
import { type User, userColumns } from "./users.ts";

/** A user's password, hashed with Argon2id, as a PHC string. */
export interface PasswordHash {
  userId: string;
  hash: string;
}

/** Returns an active user with the password hash, by username or e-mail address (ignoring case) or id. */
export async function findPassword(
  sql: Sql,
  by: { name: string } | { userId: string },
): Promise<{ user: User; hash: string } | undefined> {
  const whereUser = "userId" in by ? sql`users.id = ${by.userId}` : sql`
    (
      lower(users.username collate pg_c_utf8) = ${by.name.toLowerCase()}
      or lower(users.email collate pg_c_utf8) = ${by.name.toLowerCase()}
    )
  `;
  const [row] = await sql<(User & { hash: string })[]>`
    select ${userColumns(sql)}, passwords.hash
    from users
    join passwords on passwords.user_id = users.id
    where ${whereUser}
      and users.is_active
  `;
  if (!row) return undefined;
  const { hash, ...user } = row;
  return { user, hash };
}

/** Stores a user's password, replacing any previous one. */
export async function upsertPassword(
  sql: Sql,
  { userId, hash, now }: PasswordHash & { now: Date },
): Promise<void> {
  await sql`
    insert into passwords (user_id, hash, changed_at)
    values (${userId}, ${hash}, ${now})
    on conflict (user_id) do update
    set hash = excluded.hash, changed_at = excluded.changed_at
  `;
}

/**
 * Replaces a password hash if it still is the one that was compared; returns `false` if a concurrent
 * change came first. Omit `now` when the same password is rehashed: `changed_at` then stays.
 */
export async function replacePassword(
  sql: Sql,
  { userId, hash, oldHash, now }: PasswordHash & {
    oldHash: string;
    now?: Date;
  },
): Promise<boolean> {
  const rows = await sql`
    update passwords
    set hash = ${hash}, changed_at = coalesce(${now ?? null}, changed_at)
    where user_id = ${userId}
      and hash = ${oldHash}
    returning user_id
  `;
  return rows.length === 1;
}
