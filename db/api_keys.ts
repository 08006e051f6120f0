import type { Sql } from "./driver/client.ts";
import { type User, userColumns } from "./users.ts";

/** A user's API key as its owner sees it. Only the hash of the key itself is stored. */
export interface ApiKey {
  id: string;
  name: string;
  /** First characters of the key, by which its owner recognises it. */
  prefix: string;
  scopes: string[];
  createdAt: Date;
  expiresAt: Date | null;
  lastUsedAt: Date | null;
  lastUsedAddress: string | null;
  revokedAt: Date | null;
}

/** The holder of an API key. */
export interface KeyCaller {
  user: User;
  key: { id: string; scopes: string[] };
}

/** Minimum age of `last_used_at` before it is written again: one write a minute, not one a request. */
const LAST_USED_INTERVAL = "1 minute";

/** Stores an API key by its hash. */
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

/**
 * Returns the user and the live API key of a hash, and stores the last use and its address at most
 * once a minute. One statement.
 */
export async function findApiKeyCaller(
  sql: Sql,
  { hash, address, now }: {
    hash: Uint8Array;
    address: string | undefined;
    now: Date;
  },
): Promise<KeyCaller | undefined> {
  const [row] = await sql<(User & { keyId: string; scopes: string[] })[]>`
    with found as (
      select
        ${userColumns(sql)},
        api_keys.id as key_id,
        scopes
      from api_keys
      join users on users.id = api_keys.user_id
      where hash = ${hash}
        and (expires_at is null or expires_at > ${now})
        and revoked_at is null
        and is_active
    ), used as (
      update api_keys
      set last_used_at = ${now}, last_used_address = ${address ?? null}
      from found
      where api_keys.id = found.key_id
        and (
          -- The row's current value: of concurrent requests only the first one writes.
          api_keys.last_used_at is null
          or api_keys.last_used_at < ${now}::timestamptz - ${LAST_USED_INTERVAL}::interval
        )
    )
    select
      id,
      username,
      email,
      "displayName",
      role,
      key_id as "keyId",
      scopes
    from found
  `;
  if (!row) return undefined;
  const { keyId, scopes, ...user } = row;
  return { user, key: { id: keyId, scopes } };
}

/** Returns all API keys of a user, live or not, newest first. */
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

/** Counts the API keys of a user that are neither revoked nor expired. */
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

/** Renames a user's API key; returns `undefined` if the user has no such key. */
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
 * Revokes a user's API key permanently; returns `undefined` if the user has no such key. `isFirst`
 * is true for exactly one of several calls, concurrent or repeated.
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
