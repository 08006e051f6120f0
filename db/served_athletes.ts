import type { Visibility } from "./athlete_sharing.ts";
import { whereVisibility } from "./activity_scope.ts";
import type { Sql } from "./driver/client.ts";

/** The athlete whose data a request is answered from. */
export interface ServedAthlete {
  id: number;
  /** Its owner; null for an athlete of the instance itself. */
  userId: string | null;
  /** Null until the owner has chosen. */
  visibility: Visibility | null;
  dataVersion: number;
  lastSuccessAt: Date | null;
  /** Time of the disconnect. The data may have been kept. */
  revokedAt: Date | null;
  /**
   * IANA time zone of the last activity that has begun and that the reader may see; null if Strava gave
   * none.
   */
  timezone: string | null;
  /** UTC offset of the same activity, in seconds east. */
  utcOffset: number | null;
  /** Start of the next activity that is dated in the future, which then tells the zone. */
  nextStartAt: Date | null;
}

/** A criterion that selects one athlete. */
export type AthleteChoice =
  | { which: "id"; id: number }
  /** The athlete with this share token's hash, if its visibility is `link` or `public`. */
  | { which: "link"; hash: Uint8Array }
  /** The user's default athlete, else the user's first one. */
  | { which: "user"; userId: string }
  /** The first public athlete. `publicStats` applies to owners who have not chosen a visibility. */
  | { which: "public"; publicStats: boolean }
  | { which: "any" };

/** The activities that a reader may see, before the athlete is known. */
export interface ActivityReader {
  /** Visibilities that the reader may see of every athlete. */
  visibility: readonly string[];
  /** The athletes of which the reader may see every activity: all, or those of a user. */
  seesAllOf: "everyone" | { userId: string | undefined };
}

/**
 * Returns the athlete to serve, or `undefined`. If several match, a user's default comes first, then
 * connected athletes before disconnected ones, then the one that connected first.
 *
 * The last activity that has begun tells where the athlete is. A watch with a wrong clock can record
 * an activity that is years ahead, and Strava keeps it. An activity that the reader may not see does
 * not count: otherwise the date of today would tell a stranger that a hidden journey has begun.
 */
export async function getServedAthlete(
  sql: Sql,
  { now, reader, ...choice }: AthleteChoice & {
    now: Date;
    reader: ActivityReader;
  },
): Promise<ServedAthlete | undefined> {
  // Materialized, so that the last activity is looked up for one athlete instead of for all.
  const [athlete] = await sql<ServedAthlete[]>`
    with chosen as materialized (
      select
        athletes.id,
        athletes.user_id,
        athletes.visibility,
        athletes.data_version,
        sync_state.last_success_at,
        athletes.revoked_at
      from athletes
      join sync_state on sync_state.athlete_id = athletes.id
      where ${whereChosen(sql, choice)}
      order by
        ${choice.which === "user" ? sql`not athletes.is_default,` : sql``}
        athletes.revoked_at is not null,
        athletes.connected_at,
        athletes.id
      limit 1
    )
    select
      chosen.id,
      user_id as "userId",
      visibility,
      data_version as "dataVersion",
      last_success_at as "lastSuccessAt",
      revoked_at as "revokedAt",
      latest.timezone,
      latest.utc_offset as "utcOffset",
      (
        select min(start_date)
        from activities
        where athlete_id = chosen.id
          and deleted_at is null
          and start_date > ${now}
      ) as "nextStartAt"
    from chosen
    left join lateral (
      select timezone, utc_offset
      from activities
      where athlete_id = chosen.id
        and deleted_at is null
        and start_date <= ${now}
        and ${whereReadable(sql, reader)}
      order by start_date desc, id desc
      limit 1
    ) latest on true
  `;
  return athlete;
}

/** Returns the condition for the activities of the chosen athlete that the reader may see. */
function whereReadable(
  sql: Sql,
  { visibility, seesAllOf }: ActivityReader,
): ReturnType<Sql> {
  if (seesAllOf === "everyone") return sql`true`;
  const isVisible = whereVisibility(sql, { visibility });
  return seesAllOf.userId === undefined
    ? isVisible
    : sql`(chosen.user_id = ${seesAllOf.userId} or ${isVisible})`;
}

function whereChosen(sql: Sql, choice: AthleteChoice): ReturnType<Sql> {
  switch (choice.which) {
    case "id":
      return sql`athletes.id = ${choice.id}`;
    case "link":
      return sql`
        athletes.share_hash = ${choice.hash}
        and athletes.visibility in ('link', 'public')
      `;
    case "user":
      return sql`athletes.user_id = ${choice.userId}`;
    case "public": {
      const unset = choice.publicStats ? "public" : "private";
      return sql`coalesce(athletes.visibility, ${unset}) = 'public'`;
    }
    case "any":
      return sql`true`;
  }
}
