import type { Sql } from "../driver/client.ts";
import type { Gear } from "../gear.ts";

/** Gear that Strava's bulk export names, under an id that follows from its kind and names. */
export interface FileGear {
  /** `bike_`, `shoes_` or `gear_`, and 16 hexadecimal digits. Never one of Strava's. */
  id: string;
  name: string | null;
  brand_name: string | null;
  model_name: string | null;
}

/** Gear with the one of Strava that it is, if that is known. */
export interface JoinableGear extends Gear {
  /** Strava's id of the same gear. */
  sameAs: string | null;
}

/** Matches the ids of gear that a bulk export names, and no id of Strava. */
export const FILE_GEAR_ID = "^(bike|shoes|gear)_[0-9a-f]{16}$";

/** Stores gear of a bulk export that is not stored yet. Returns whether any is new. */
export async function insertFileGear(
  sql: Sql,
  { athleteId, gear, now }: {
    athleteId: number;
    gear: readonly FileGear[];
    now: Date;
  },
): Promise<boolean> {
  if (gear.length === 0) return false;
  const rows = await sql`
    insert into gear (athlete_id, id, name, brand_name, model_name, checked_at)
    select ${athleteId}, id, name, brand_name, model_name, ${now}
    from json_to_recordset(${JSON.stringify(gear)}::text::json) as given (
      id text, name text, brand_name text, model_name text
    )
    on conflict (athlete_id, id) do nothing
    returning id
  `;
  return rows.length > 0;
}

/** Counts the stored gear of an athlete. Returns null if the gear with the id is among it. */
export async function countStoredGear(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: string },
): Promise<number | null> {
  const [row] = await sql<{ count: number; isStored: boolean | null }[]>`
    select count(*) as count, bool_or(id = ${id}) as "isStored"
    from gear
    where athlete_id = ${athleteId}
  `;
  return row!.isStored ? null : row!.count;
}

/** Lists all gear of an athlete. */
export async function listJoinableGear(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<JoinableGear[]> {
  return await sql<JoinableGear[]>`
    select
      id,
      name,
      brand_name as "brandName",
      model_name as "modelName",
      nickname,
      retired,
      is_known as "isKnown",
      same_as as "sameAs"
    from gear
    where athlete_id = ${athleteId}
    order by id
  `;
}

/**
 * Joins gear of a bulk export with the same gear of Strava: activities and edits that name the first one
 * name Strava's from now on, and so do those that are imported later.
 */
export async function joinFileGear(
  sql: Sql,
  { athleteId, id, stravaId }: {
    athleteId: number;
    id: string;
    stravaId: string;
  },
): Promise<void> {
  await sql`
    update gear
    set edits = file_gear.edits || gear.edits
    from gear as file_gear
    where gear.athlete_id = ${athleteId}
      and gear.id = ${stravaId}
      and file_gear.athlete_id = ${athleteId}
      and file_gear.id = ${id}
  `;
  await sql`
    update gear
    set same_as = ${stravaId}
    where athlete_id = ${athleteId}
      and id = ${id}
  `;
  await sql`
    update activities
    set gear_id = ${stravaId}
    where athlete_id = ${athleteId}
      and gear_id = ${id}
  `;
  const rename = (column: "edits" | "unedited") =>
    sql`case
      when ${sql(column)} ->> 'gear_id' = ${id}
        then ${sql(column)} || jsonb_build_object('gear_id', ${stravaId}::text)
      else ${sql(column)}
    end`;
  await sql`
    update activity_edits
    set edits = ${rename("edits")}, unedited = ${rename("unedited")}
    where athlete_id = ${athleteId}
      and (edits ->> 'gear_id' = ${id} or unedited ->> 'gear_id' = ${id})
  `;
}
