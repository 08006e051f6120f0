import type { Sql } from "./driver/client.ts";

/** The audience of an athlete: the owner, holders of the share link, or everyone. */
export type Visibility = "private" | "link" | "public";

/** An athlete's visibility and share token. */
export interface Sharing {
  /** Null until the owner has chosen. */
  visibility: Visibility | null;
  shareHash: Uint8Array | null;
  /** Share token, sealed. */
  shareToken: string | null;
}

/** Returns how an athlete is shared and locks its row until the transaction ends. */
export async function lockSharing(
  sql: Sql,
  { id }: { id: number },
): Promise<Sharing | undefined> {
  const [sharing] = await sql<Sharing[]>`
    select
      visibility,
      share_hash as "shareHash",
      share_token as "shareToken"
    from athletes
    where id = ${id}
    for update
  `;
  return sharing;
}

/** Stores how an athlete is shared. */
export async function updateSharing(
  sql: Sql,
  { id, visibility, shareHash, shareToken }: Sharing & { id: number },
): Promise<void> {
  await sql`
    update athletes
    set
      visibility = ${visibility},
      share_hash = ${shareHash},
      share_token = ${shareToken}
    where id = ${id}
  `;
}

/** Returns the ids of the athletes that have a share token. */
export async function listSharedAthletes(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id
    from athletes
    where share_token is not null
    order by id
  `;
  return rows.map(({ id }) => id);
}
