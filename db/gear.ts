import type { Visible } from "./activities.ts";
import type { Sql } from "./driver/client.ts";
import { type ActivityScope, whereInScope } from "./activity_scope.ts";

/** What Strava says of shoes or a bike. */
export interface Gear {
  id: string;
  name: string | null;
  brandName: string | null;
  modelName: string | null;
  nickname: string | null;
  retired: boolean | null;
  /** Whether Strava still knows it. */
  isKnown: boolean;
}

/** What was done with one gear, and what it is called if that is known. */
export interface GearTotalRow extends Omit<Gear, "isKnown"> {
  /** Null where Strava was never asked. */
  isKnown: boolean | null;
  count: number;
  distance: number;
  moving_time: number;
  /** Local day of the first activity that may be seen. */
  firstUsed: string | null;
  lastUsed: string | null;
}

/** The sums of each gear that counted activities name, the most distance first. */
export async function listGearTotals(
  sql: Sql,
  { athleteId, visibility, ...counted }: ActivityScope & Visible,
): Promise<GearTotalRow[]> {
  // Without a word of deleted_at, which the index does not have.
  const seen = visibility
    ? sql`visibility = any(${[...visibility]})`
    : sql`true`;
  return await sql<GearTotalRow[]>`
    with used as (
      select
        gear_id,
        count(*) as count,
        round(sum(distance)::numeric, 1)::float8 as distance,
        sum(moving_time) as moving_time,
        to_char(min(start_date_local) filter (where ${seen}), 'YYYY-MM-DD') as first_used,
        to_char(max(start_date_local) filter (where ${seen}), 'YYYY-MM-DD') as last_used
      from activities
      where athlete_id = ${athleteId}
        and ${whereInScope(sql, counted)}
        and gear_id is not null
      group by gear_id
    )
    select
      gear_id as id,
      name,
      brand_name as "brandName",
      model_name as "modelName",
      nickname,
      retired,
      is_known as "isKnown",
      count,
      distance,
      moving_time,
      first_used as "firstUsed",
      last_used as "lastUsed"
    from used
    left join gear on gear.athlete_id = ${athleteId}
      and gear.id = gear_id
    order by distance desc, gear_id
  `;
}

/** The gear of the activities that Strava was not asked for since, the longest ago first. */
export async function listDueGear(
  sql: Sql,
  { athleteId, since }: { athleteId: number; since: Date },
): Promise<{ id: string; stored: Gear | undefined }[]> {
  const rows = await sql<
    (Omit<Gear, "isKnown"> & Pick<GearTotalRow, "isKnown">)[]
  >`
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
    ) used
    left join gear on gear.athlete_id = ${athleteId}
      and gear.id = gear_id
    where checked_at is null
      or checked_at <= ${since}
    order by checked_at nulls first, gear_id
  `;
  return rows.map(({ isKnown, ...row }) => ({
    id: row.id,
    stored: isKnown === null ? undefined : { ...row, isKnown },
  }));
}

/** Stores what Strava says now; what it does not know any more keeps its last name. */
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
