import {
  type ActivityScope,
  whereInScope,
  whereVisibility,
} from "./activity_scope.ts";
import type { Sql } from "./driver/client.ts";
import { FILE_GEAR_ID } from "./imports/file_gear.ts";

/** Shoes or a bike, as last received from Strava. */
export interface Gear {
  id: string;
  name: string | null;
  brandName: string | null;
  modelName: string | null;
  nickname: string | null;
  retired: boolean | null;
  /** Whether Strava still has it; `null` if it has never answered. */
  isKnown: boolean | null;
}

/** The sums of one gear, with its name if that is known. */
export interface GearTotalRow extends Gear {
  count: number;
  distance: number;
  movingTime: number;
  /** Local day of the first activity that the caller may see. */
  firstUsed: string | null;
  /**
   * Local day of the last activity that the caller may see. Days after today only count if there
   * is no other.
   */
  lastUsed: string | null;
}

/**
 * Reports whether the athlete has or had this gear: a name is stored, or an activity used it. Gear of a
 * file that was joined with Strava's is no longer there under its first id.
 */
export async function hasGear(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: string },
): Promise<boolean> {
  const [row] = await sql<{ found: boolean }[]>`
    select exists (
      select
      from gear
      where athlete_id = ${athleteId}
        and id = ${id}
        and same_as is null
    ) or exists (
      select
      from activities
      where athlete_id = ${athleteId}
        and gear_id = ${id}
    ) as found
  `;
  return row!.found;
}

/** Returns the columns of gear that an owner can set, with the owner's values. */
export function gearColumns(sql: Sql): ReturnType<Sql> {
  return sql`
    coalesce(edits ->> 'name', name) as name,
    coalesce(edits ->> 'brand_name', brand_name) as "brandName",
    coalesce(edits ->> 'model_name', model_name) as "modelName",
    coalesce((edits ->> 'retired')::boolean, retired) as retired
  `;
}

/** Lists the sums of each gear used in the activities in scope, the greatest distance first. */
export async function listGearTotals(
  sql: Sql,
  { athleteId, today, ...scope }: ActivityScope & { today: string },
): Promise<GearTotalRow[]> {
  const isVisible = whereVisibility(sql, scope);
  const isPast = sql`start_date_local < ${today}::date + 1`;
  return await sql<GearTotalRow[]>`
    with used as (
      select
        gear_id,
        count(*) as count,
        round(sum(distance)::numeric, 1)::float8 as distance,
        sum(moving_time) as moving_time,
        to_char(min(start_date_local) filter (where ${isVisible}), 'YYYY-MM-DD') as first_used,
        to_char(
          coalesce(
            max(start_date_local) filter (where ${isVisible} and ${isPast}),
            max(start_date_local) filter (where ${isVisible})
          ),
          'YYYY-MM-DD'
        ) as last_used
      from activities
      where athlete_id = ${athleteId}
        and ${whereInScope(sql, scope)}
        and gear_id is not null
      group by gear_id
    )
    select
      gear_id as id,
      ${gearColumns(sql)},
      nickname,
      is_known as "isKnown",
      count,
      distance,
      moving_time as "movingTime",
      first_used as "firstUsed",
      last_used as "lastUsed"
    from used
    left join gear on gear.athlete_id = ${athleteId}
      and gear.id = gear_id
    order by distance desc, gear_id
  `;
}

/**
 * Lists the gear used in activities that was not checked after `since`, the oldest check first. Strava does
 * not know the ids of gear that came by file.
 */
export async function listDueGear(
  sql: Sql,
  { athleteId, since }: { athleteId: number; since: Date },
): Promise<{ id: string; stored: Gear | undefined }[]> {
  const rows = await sql<Gear[]>`
    select
      gear_id as id,
      name,
      brand_name as "brandName",
      model_name as "modelName",
      nickname,
      retired,
      is_known as "isKnown"
    from (
      select distinct gear_id
      from activities
      where athlete_id = ${athleteId}
        and deleted_at is null
        and gear_id is not null
        and gear_id !~ ${FILE_GEAR_ID}
    ) used
    left join gear on gear.athlete_id = ${athleteId}
      and gear.id = gear_id
    where checked_at is null
      or checked_at <= ${since}
    order by checked_at nulls first, gear_id
  `;
  return rows.map((row) => ({
    id: row.id,
    stored: row.isKnown === null ? undefined : row,
  }));
}

/** Stores gear as received from Strava. Gear that Strava has forgotten keeps its last name. */
export async function upsertGear(
  sql: Sql,
  { athleteId, gear, now }: { athleteId: number; gear: Gear; now: Date },
): Promise<void> {
  await sql`
    insert into gear (
      athlete_id, id, name, brand_name, model_name, nickname, retired, is_known, checked_at
    )
    values (
      ${athleteId}, ${gear.id}, ${gear.name}, ${gear.brandName}, ${gear.modelName},
      ${gear.nickname}, ${gear.retired}, ${gear.isKnown}, ${now}
    )
    on conflict (athlete_id, id) do update
    set
      name = excluded.name,
      brand_name = excluded.brand_name,
      model_name = excluded.model_name,
      nickname = excluded.nickname,
      retired = excluded.retired,
      is_known = excluded.is_known,
      checked_at = excluded.checked_at
  `;
}
