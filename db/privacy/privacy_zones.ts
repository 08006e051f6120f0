import type { Sql } from "../driver/client.ts";

/** A place whose surroundings the owner hides. */
export interface PrivacyZone {
  id: number;
  name: string;
  /** Centre in degrees. */
  latitude: number;
  longitude: number;
  /** Metres. */
  radius: number;
  /** Offset of the hidden circle's centre, in parts of the radius. */
  shiftEast: number;
  shiftNorth: number;
  createdAt: Date;
}

/** The settings for the maps of all activities. */
export interface PrivacySettings {
  /** Whether others see maps at all. */
  showsMaps: boolean;
  /** Metres that are hidden at the start of each track. */
  hiddenStart: number;
  /** Metres that are hidden at the end of each track. */
  hiddenEnd: number;
}

/** Returns an athlete's settings; `undefined` if the athlete does not exist any more. */
export async function getPrivacySettings(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<PrivacySettings | undefined> {
  const [settings] = await sql<PrivacySettings[]>`
    select
      shows_maps as "showsMaps",
      hidden_start as "hiddenStart",
      hidden_end as "hiddenEnd"
    from athletes
    where id = ${athleteId}
  `;
  return settings;
}

/** Stores the settings that are given. */
export async function updatePrivacySettings(
  sql: Sql,
  { athleteId, showsMaps, hiddenStart, hiddenEnd }:
    & { [Name in keyof PrivacySettings]?: PrivacySettings[Name] | undefined }
    & { athleteId: number },
): Promise<void> {
  await sql`
    update athletes
    set
      shows_maps = coalesce(${showsMaps ?? null}, shows_maps),
      hidden_start = coalesce(${hiddenStart ?? null}, hidden_start),
      hidden_end = coalesce(${hiddenEnd ?? null}, hidden_end)
    where id = ${athleteId}
  `;
}

/** Lists an athlete's zones, the first created first. */
export async function listPrivacyZones(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<PrivacyZone[]> {
  return await sql<PrivacyZone[]>`
    select
      id, name, latitude, longitude, radius, shift_east as "shiftEast",
      shift_north as "shiftNorth", created_at as "createdAt"
    from privacy_zones
    where athlete_id = ${athleteId}
    order by id
  `;
}

/** Stores a new zone. */
export async function insertPrivacyZone(
  sql: Sql,
  { athleteId, zone }: { athleteId: number; zone: Omit<PrivacyZone, "id"> },
): Promise<void> {
  await sql`
    insert into privacy_zones (
      athlete_id, name, latitude, longitude, radius, shift_east, shift_north, created_at
    )
    values (
      ${athleteId}, ${zone.name}, ${zone.latitude}, ${zone.longitude}, ${zone.radius},
      ${zone.shiftEast}, ${zone.shiftNorth}, ${zone.createdAt}
    )
  `;
}

/** Replaces the values of a zone. */
export async function updatePrivacyZone(
  sql: Sql,
  { athleteId, zone }: {
    athleteId: number;
    zone: Omit<PrivacyZone, "createdAt">;
  },
): Promise<void> {
  await sql`
    update privacy_zones
    set
      name = ${zone.name},
      latitude = ${zone.latitude},
      longitude = ${zone.longitude},
      radius = ${zone.radius},
      shift_east = ${zone.shiftEast},
      shift_north = ${zone.shiftNorth}
    where athlete_id = ${athleteId}
      and id = ${zone.id}
  `;
}

/** Deletes a zone. Returns whether there was such a zone. */
export async function deletePrivacyZone(
  sql: Sql,
  { athleteId, id }: { athleteId: number; id: number },
): Promise<boolean> {
  const rows = await sql`
    delete from privacy_zones
    where athlete_id = ${athleteId}
      and id = ${id}
    returning id
  `;
  return rows.length > 0;
}
