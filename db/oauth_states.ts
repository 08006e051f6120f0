import type { Sql } from "./driver/client.ts";

/**
 * Marks an OAuth state as used. Returns `true` the first time and `false` for every later use.
 *
 * Only used states are stored, and only until they expire: then their signature is refused anyway.
 */
export async function takeOauthState(
  sql: Sql,
  { nonce, expiresAt, now }: { nonce: string; expiresAt: Date; now: Date },
): Promise<boolean> {
  const rows = await sql`
    with expired as (
      delete from used_oauth_states
      where expires_at < ${now}
    )
    insert into used_oauth_states (nonce, expires_at)
    values (${nonce}, ${expiresAt})
    on conflict (nonce) do nothing
    returning nonce
  `;
  return rows.length === 1;
}
