import type { Sql } from "./driver/client.ts";

/**
 * Uses up a sign-in state: `true` the first time, `false` ever after.
 *
 * Only used states are kept, and only as long as their signature would still be accepted.
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
