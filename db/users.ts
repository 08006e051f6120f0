import type { Sql } from "./driver/client.ts";

/** A user of the instance, as requests carry it. */
export interface User {
  id: string;
  username: string;
  email: string;
  displayName: string;
  role: "member" | "admin";
}

/** A user as an administrator sees it. */
export interface Account extends User {
  /** Whether the user can log in and use sessions and API keys. */
  isActive: boolean;
  createdAt: Date;
}

/** The fields of a new user. */
export type AccountInput = Omit<Account, "id" | "isActive">;

/** Stores a user; returns `undefined` if the username or the e-mail address is taken. */
export async function insertUser(
  sql: Sql,
  { username, email, displayName, role, createdAt }: AccountInput,
): Promise<Account | undefined> {
  const [account] = await sql<Account[]>`
    insert into users (username, email, display_name, role, created_at)
    values (${username}, ${email}, ${displayName}, ${role}, ${createdAt})
    on conflict do nothing
    returning ${accountColumns(sql)}
  `;
  return account;
}

/** Returns the user with this username or e-mail address, ignoring case. */
export async function findUser(
  sql: Sql,
  { name }: { name: string },
): Promise<Account | undefined> {
  const [account] = await sql<Account[]>`
    select ${accountColumns(sql)}
    from users
    where lower(username collate pg_c_utf8) = ${name.toLowerCase()}
      or lower(email collate pg_c_utf8) = ${name.toLowerCase()}
  `;
  return account;
}

/** Returns every user, ordered by username. */
export async function listUsers(sql: Sql): Promise<Account[]> {
  return await sql<Account[]>`
    select ${accountColumns(sql)}
    from users
    order by lower(username collate pg_c_utf8)
  `;
}

/** Reports whether any user is an administrator, active or not. */
export async function hasAdmin(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (select from users where role = 'admin') as found
  `;
  return row?.found ?? false;
}

/** Enables or disables a user; returns `false` if nothing changed. */
export async function setUserActive(
  sql: Sql,
  { id, isActive }: { id: string; isActive: boolean },
): Promise<boolean> {
  const rows = await sql`
    update users
    set is_active = ${isActive}
    where id = ${id}
      and is_active <> ${isActive}
    returning id
  `;
  return rows.length === 1;
}

/** Locks the user's row until the transaction ends; returns `undefined` if the user does not exist. */
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

/** Locks every administrator's row until the transaction ends, in an order that cannot deadlock. */
export async function lockAdmins(sql: Sql): Promise<void> {
  await sql`
    select id
    from users
    where role = 'admin'
    order by id
    for update
  `;
}

/** Reports whether deleting this user would leave other users without an active administrator. */
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

/** Makes a user a member. Does nothing if the user is one already. */
export async function demoteToMember(
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

/**
 * Deletes a user and, through the foreign keys, the password, sessions and API keys. The user's
 * athletes must be deleted first.
 */
export async function deleteUser(
  sql: Sql,
  { id }: { id: string },
): Promise<void> {
  await sql`
    delete from users
    where id = ${id}
  `;
}

/** Returns the columns of a {@link User}, for queries that join `users`. */
export function userColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    users.id,
    users.username,
    users.email,
    users.display_name as "displayName",
    users.role
  `;
}

function accountColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    ${userColumns(sql)},
    users.is_active as "isActive",
    users.created_at as "createdAt"
  `;
}
