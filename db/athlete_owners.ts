import type { Sql } from "./driver/client.ts";

/** Gives the athletes that belong to nobody to a user, the first of them as the default; returns which. */
export async function adoptAthletes(
  sql: Sql,
  { userId }: { userId: string },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    with orphans as (
      select
        id,
        row_number() over (order by revoked_at is not null, connected_at, id) as place
      from athletes
      where user_id is null
    )
    update athletes
    set user_id = ${userId}, is_default = orphans.place = 1
    from orphans
    where athletes.id = orphans.id
    returning athletes.id
  `;
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}
