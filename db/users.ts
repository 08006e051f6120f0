import type { User } from "./callers.ts";
import type { Sql } from "./driver/client.ts";

/** An account as its administrator sees it. */
export interface Account extends User {
  /** One that is not can neither log in nor use a session or a key. */
  isActive: boolean;
  createdAt: Date;
}

/** What an account is made of. */
export type AccountInput = Omit<Account, "id" | "isActive">;

/** Makes an account; `undefined` where somebody has the username or the e-mail address already. */
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

/** The account of a username or an e-mail address, in whatever case. */
export async function findUser(
  sql: Sql,
  { name }: { name: string },
): Promise<Account | undefined> {
  const [account] = await sql<Account[]>`
    select ${accountColumns(sql)}
    from users
    where lower(username) = ${name.toLowerCase()}
      or lower(email) = ${name.toLowerCase()}
  `;
  return account;
}

/** Every account, by name. */
export async function listUsers(sql: Sql): Promise<Account[]> {
  return await sql<Account[]>`
    select ${accountColumns(sql)}
    from users
    order by lower(username)
  `;
}

/** Whether anybody administers the instance by an account. */
export async function hasAdmin(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (select from users where role = 'admin') as found
  `;
  return row?.found ?? false;
}

/** Shuts an account or opens it again; `false` where it was so already. */
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

function accountColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    id,
    username,
    email,
    display_name as "displayName",
    role,
    is_active as "isActive",
    created_at as "createdAt"
  `;
}
