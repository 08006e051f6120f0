import type { Sql } from "../driver/client.ts";
import { type Gear, gearColumns } from "../gear.ts";

/** Values of gear that the owner has set, by their columns. */
export interface GearEdits {
  name?: string;
  brand_name?: string;
  model_name?: string;
  retired?: boolean;
}

/** Gear with the owner's values. */
export interface OwnGear extends Omit<Gear, "isKnown"> {
  edits: GearEdits;
}

/** Lists the athlete's gear, also what no activity uses, or the one with this id. */
export async function listOwnGear(
  sql: Sql,
  { athleteId, id = null }: { athleteId: number; id?: string | null },
): Promise<OwnGear[]> {
  return await sql<OwnGear[]>`
    with used as (
      select distinct gear_id as id
      from activities
      where athlete_id = ${athleteId}
        and deleted_at is null
        and gear_id is not null
        and (${id}::text is null or gear_id = ${id})
    ),
    stored as (
      select id, name, brand_name, model_name, nickname, retired, edits
      from gear
      where athlete_id = ${athleteId}
        and same_as is null
        and (${id}::text is null or id = ${id})
    )
    select
      coalesce(stored.id, used.id) as id,
      ${gearColumns(sql)},
      nickname,
      coalesce(edits, '{}') as edits
    from stored
    full join used on used.id = stored.id
    order by 1
  `;
}

/** Returns the id of gear, or that of Strava's gear with which it was joined. */
export async function resolveGearId(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: string },
): Promise<string> {
  const [row] = await sql<{ id: string }[]>`
    select coalesce(same_as, id) as id
    from gear
    where athlete_id = ${athleteId}
      and id = ${id}
  `;
  return row?.id ?? id;
}

/** Sets values of gear for its owner, and takes others back. Returns whether that changed anything. */
export async function updateGearEdits(
  sql: Sql,
  { athleteId, id, set, reset }: {
    athleteId: number;
    id: string;
    set: GearEdits;
    /** Columns that get the value of their source again. */
    reset: readonly (keyof GearEdits)[];
  },
): Promise<boolean> {
  const rows = await sql`
    insert into gear (athlete_id, id, edits, checked_at)
    values (${athleteId}, ${id}, ${JSON.stringify(set)}::text::jsonb, 'epoch')
    on conflict (athlete_id, id) do update
    set edits = (gear.edits || excluded.edits) - ${[...reset]}::text[]
    where gear.edits <> (gear.edits || excluded.edits) - ${[...reset]}::text[]
    returning id
  `;
  return rows.length > 0;
}
