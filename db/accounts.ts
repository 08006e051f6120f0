import type { Sql } from "./driver/client.ts";
import type { Account } from "./users.ts";

/** Locks the user's row until the transaction ends; `undefined` where there is no such user any more. */
export async function lockUser(
  sql: Sql,
  { id }: { id: string },
): Promise<Pick<Account, "role" | "isActive"> | undefined> {
  const [user] = await sql<Pick<Account, "role" | "isActive">[]>`
    select role, is_active as "isActive"
    from users
    where id = ${id}
    for update
  `;
  return user;
}

/** Locks every administrator's row until the transaction ends, in an order in which no two wait for each other. */
export async function lockAdmins(sql: Sql): Promise<void> {
  await sql`
    select id
    from users
    where role = 'admin'
    order by id
    for update
  `;
}

/** Whether others have accounts and none of them, this user gone, could administer the instance. */
export async function isLastAdmin(
  sql: Sql,
  { id }: { id: string },
): Promise<boolean> {
  const [row] = await sql<{ isLast: boolean }[]>`
    select
      count(*) > 1
      and bool_or(id = ${id} and role = 'admin')
      and not bool_or(id <> ${id} and role = 'admin' and is_active) as "isLast"
    from users
  `;
  return row?.isLast ?? false;
}

/** Makes a user a member, whatever they were. */
export async function stepDown(
  sql: Sql,
  { id }: { id: string },
): Promise<void> {
  await sql`
    update users
    set role = 'member'
    where id = ${id}
      and role <> 'member'
  `;
}

/** The athletes of a user, whoever connected first first. */
export async function listUserAthletes(
  sql: Sql,
  { userId }: { userId: string },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id
    from athletes
    where user_id = ${userId}
    order by connected_at, id
  `;
  return rows.map(({ id }) => id);
}

/** Deletes the user and, by the foreign keys, password, sessions and keys; athletes must be gone. */
export async function deleteUser(
  sql: Sql,
  { id }: { id: string },
): Promise<void> {
  await sql`
    delete from users
    where id = ${id}
  `;
}
