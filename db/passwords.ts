import { type User, userColumns } from "./callers.ts";
import type { Sql } from "./driver/client.ts";

/** A user's password: a PHC string of Argon2id. */
export interface PasswordHash {
  userId: string;
  hash: string;
}

/** The password of an active user, by username or e-mail address in whatever case, or by id. */
export async function getPassword(
  sql: Sql,
  by: { name: string } | { userId: string },
): Promise<{ user: User; hash: string } | undefined> {
  const isUser = "userId" in by ? sql`users.id = ${by.userId}` : sql`
    (
      lower(users.username) = ${by.name.toLowerCase()}
      or lower(users.email) = ${by.name.toLowerCase()}
    )
  `;
  const [row] = await sql<(User & { hash: string })[]>`
    select ${userColumns(sql)}, passwords.hash
    from users
    join passwords on passwords.user_id = users.id
    where ${isUser}
      and users.is_active
  `;
  if (!row) return undefined;
  const { hash, ...user } = row;
  return { user, hash };
}

/** Sets a password, whatever it was before. */
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
 * Replaces a hash as long as it is the one that was compared: of two changes at once the second
 * fails. Without `now` the same password is hashed anew, and has not changed.
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
