import { FIRST_OWN_ID } from "../athletes.ts";
import type { Sql } from "../driver/client.ts";
import type { PrivacySettings } from "../privacy/privacy_zones.ts";

/**
 * Returns the athlete without Strava that is its owner's only athlete, locked, unless files are being
 * uploaded for it. `userId` is null for the instance.
 */
export async function lockOnlyFileAthlete(
  sql: Sql,
  { userId }: { userId: string | null },
): Promise<number | undefined> {
  const [athlete] = await sql<{ id: number }[]>`
    select id
    from athletes
    where user_id is not distinct from ${userId}
      and id >= ${FIRST_OWN_ID}
      and not exists (
        select
        from athletes as others
        where others.user_id is not distinct from ${userId}
          and others.id <> athletes.id
      )
      and not exists (
        select
        from imports
        where imports.athlete_id = athletes.id
          and state <> 'done'
      )
    for update
  `;
  return athlete?.id;
}

/**
 * Moves everything of an athlete without Strava to a new athlete: files, activities, edits, athlete values,
 * gear, sharing, what is hidden on maps. Deletes the first one. The new one must have no data yet.
 *
 * One statement, because foreign keys are checked at its end, when parents and children have moved.
 */
export async function moveAthlete(
  sql: Sql,
  { from, to }: { from: number; to: number },
): Promise<void> {
  await sql`
    with moved_files as (
      update imported_files set athlete_id = ${to} where athlete_id = ${from}
    ),
    moved_recordings as (
      update recordings set athlete_id = ${to} where athlete_id = ${from}
    ),
    moved_streams as (
      update recording_streams set athlete_id = ${to} where athlete_id = ${from}
    ),
    moved_edits as (
      update activity_edits set athlete_id = ${to} where athlete_id = ${from}
    ),
    moved_gear as (
      update gear set athlete_id = ${to} where athlete_id = ${from}
    ),
    moved_values as (
      update athlete_values set athlete_id = ${to} where athlete_id = ${from}
    ),
    moved_zones as (
      update privacy_zones set athlete_id = ${to} where athlete_id = ${from}
    ),
    moved_imports as (
      update imports set athlete_id = ${to} where athlete_id = ${from}
    ),
    moved_entries as (
      update import_entries set athlete_id = ${to} where athlete_id = ${from}
    )
    update activities
    set athlete_id = ${to}
    where athlete_id = ${from}
  `;
  await sql`
    update sync_state
    set last_import_at = old.last_import_at, data_version = sync_state.data_version + 1
    from sync_state as old
    where sync_state.athlete_id = ${to}
      and old.athlete_id = ${from}
  `;
  // A share token belongs to one athlete at a time.
  const [sharing] = await sql<Sharing[]>`
    delete from athletes
    where id = ${from}
    returning
      visibility, share_hash as "shareHash", share_token as "shareToken", is_default as "isDefault",
      shows_maps as "showsMaps", hidden_start as "hiddenStart", hidden_end as "hiddenEnd"
  `;
  const { visibility, shareHash, shareToken, isDefault, ...maps } = sharing!;
  await sql`
    update athletes
    set
      visibility = ${visibility},
      share_hash = ${shareHash},
      share_token = ${shareToken},
      is_default = is_default or ${isDefault},
      shows_maps = ${maps.showsMaps},
      hidden_start = ${maps.hiddenStart},
      hidden_end = ${maps.hiddenEnd}
    where id = ${to}
  `;
}

interface Sharing extends PrivacySettings {
  visibility: string | null;
  shareHash: Uint8Array | null;
  shareToken: string | null;
  isDefault: boolean;
}
