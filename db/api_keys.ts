import type { Sql } from "./driver/client.ts";

/** A user's API key as its owner sees it: never the key itself, which nobody has stored. */
export interface ApiKey {
  id: string;
  name: string;
  /** How the key begins. */
  prefix: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  lastUsedAddress: string | null;
  revokedAt: Date | null;
}

/** Stores a key by its hash. */
export async function insertApiKey(
  sql: Sql,
  { userId, name, prefix, hash, scopes, expiresAt, now }:
    & Pick<ApiKey, "name" | "prefix" | "expiresAt">
    & {
      userId: string;
      hash: Uint8Array;
      scopes: readonly string[];
      now: Date;
    },
): Promise<ApiKey> {
  const [key] = await sql<ApiKey[]>`
    insert into api_keys (user_id, name, prefix, hash, scopes, created_at, expires_at)
    values (${userId}, ${name}, ${prefix}, ${hash}, ${[
    ...scopes,
  ]}, ${now}, ${expiresAt})
    returning ${keyColumns(sql)}
  `;
  return key!;
}

/** Every key that a user has or had, newest first. */
export async function listApiKeys(
  sql: Sql,
  { userId }: { userId: string },
): Promise<ApiKey[]> {
  return await sql<ApiKey[]>`
    select ${keyColumns(sql)}
    from api_keys
    where user_id = ${userId}
    order by created_at desc, id
  `;
}

/** How many keys of a user open something now. */
export async function countLiveApiKeys(
  sql: Sql,
  { userId, now }: { userId: string; now: Date },
): Promise<number> {
  const [row] = await sql<{ count: number }[]>`
    select count(*) as count
    from api_keys
    where user_id = ${userId}
      and revoked_at is null
      and (expires_at is null or expires_at > ${now})
  `;
  return row!.count;
}

/** Calls a user's key otherwise; `undefined` where the user has no such key. */
export async function renameApiKey(
  sql: Sql,
  { userId, id, name }: { userId: string; id: string; name: string },
): Promise<ApiKey | undefined> {
  const [key] = await sql<ApiKey[]>`
    update api_keys
    set name = ${name}
    where user_id = ${userId}
      and id = ${id}
    returning ${keyColumns(sql)}
  `;
  return key;
}

/**
 * Ends a user's key, for good; `undefined` where the user has no such key. Of those who end it at
 * once one `isFirst`.
 */
export async function revokeApiKey(
  sql: Sql,
  { userId, id, now }: { userId: string; id: string; now: Date },
): Promise<{ key: ApiKey; isFirst: boolean } | undefined> {
  const [row] = await sql<(ApiKey & { isFirst: boolean })[]>`
    with found as (
      select id as found_id, revoked_at is null as is_first
      from api_keys
      where user_id = ${userId}
        and id = ${id}
      for update
    )
    update api_keys
    set revoked_at = coalesce(revoked_at, ${now})
    from found
    where id = found_id
    returning ${keyColumns(sql)}, is_first as "isFirst"
  `;
  if (!row) return undefined;
  const { isFirst, ...key } = row;
  return { key, isFirst };
}

function keyColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    id,
    name,
    prefix,
    scopes,
    created_at as "createdAt",
    expires_at as "expiresAt",
    last_used_at as "lastUsedAt",
    last_used_address as "lastUsedAddress",
    revoked_at as "revokedAt"
  `;
}
