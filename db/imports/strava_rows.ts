import { FIRST_OWN_ID } from "../athletes.ts";
import type { Sql } from "../driver/client.ts";

/** Lists the ids of Strava's activities that also have imported files. */
export async function listStravaActivitiesWithFiles(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id
    from activities
    where athlete_id = ${athleteId}
      and source = 'strava'
      and exists (
        select
        from recordings
        where recordings.athlete_id = ${athleteId}
          and activity_id = activities.id
      )
    order by id
  `;
  return rows.map(({ id }) => id);
}

/**
 * Deletes everything that Strava has given, and the profile except for a name to recognise the athlete
 * by. Imported files stay. Their recordings must not belong to Strava's activities any more.
 */
export async function deleteStravaRows(
  sql: Sql,
  { athleteId }: { athleteId: number },
): Promise<void> {
  await sql`
    delete from activities
    where athlete_id = ${athleteId}
      and source = 'strava'
  `;
  await sql`
    delete from activity_edits
    where athlete_id = ${athleteId}
      and activity_id < ${FIRST_OWN_ID}
  `;
  await sql`
    delete from gear
    where athlete_id = ${athleteId}
  `;
  await sql`
    delete from quarantined_activities
    where athlete_id = ${athleteId}
  `;
  await sql`
    delete from full_sync_pages
    where athlete_id = ${athleteId}
  `;
  await sql`
    delete from webhook_events
    where athlete_id = ${athleteId}
  `;
  await sql`
    update athletes
    set profile = jsonb_build_object('firstname', 'Athlete ' || id)
    where id = ${athleteId}
  `;
  await sql`
    update sync_state
    set data_version = data_version + 1
    where athlete_id = ${athleteId}
  `;
}
