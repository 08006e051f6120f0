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
  /** End of the last successful sync; before the first one, the last import of a file. */
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
 * The first query reads only what chooses an athlete, the second only what belongs to that athlete. A
 * distributed database cannot join one athlete of many to its activities (docs/scale.md).
 */
export async function getServedAthlete(
  sql: Sql,
  { now, reader, ...choice }: AthleteChoice & {
    now: Date;
    reader: ActivityReader;
  },
): Promise<ServedAthlete | undefined> {
  const athlete = await chooseAthlete(sql, choice);
  if (!athlete) return undefined;
  const state = await getState(sql, { now, reader, athlete });
  return state && { ...athlete, ...state };
}

type ChosenAthlete = Pick<
  ServedAthlete,
  "id" | "userId" | "visibility" | "revokedAt"
>;
type AthleteState = Omit<ServedAthlete, keyof ChosenAthlete>;

async function chooseAthlete(
  sql: Sql,
  choice: AthleteChoice,
): Promise<ChosenAthlete | undefined> {
  const [athlete] = await sql<ChosenAthlete[]>`
    select id, user_id as "userId", visibility, revoked_at as "revokedAt"
    from athletes
    where ${whereChosen(sql, choice)}
    order by
      ${choice.which === "user" ? sql`not is_default,` : sql``}
      revoked_at is not null,
      connected_at,
      id
    limit 1
  `;
  return athlete;
}

/**
 * Returns the version of the athlete's data, and where the athlete is, as the last activity tells that
 * has begun. `undefined` if the athlete was deleted since it was chosen.
 *
 * A watch with a wrong clock can record an activity that is years ahead, and Strava keeps it. An activity
 * that the reader may not see does not count: otherwise the date of today would tell a stranger that a
 * hidden journey has begun.
 */
async function getState(
  sql: Sql,
  { now, reader, athlete: { id, userId } }: {
    now: Date;
    reader: ActivityReader;
    athlete: ChosenAthlete;
  },
): Promise<AthleteState | undefined> {
  const { seesAllOf, visibility } = reader;
  const seesAll = seesAllOf === "everyone" ||
    (userId !== null && userId === seesAllOf.userId);
  const [state] = await sql<AthleteState[]>`
    select
      sync_state.data_version as "dataVersion",
      coalesce(sync_state.last_success_at, sync_state.last_import_at) as "lastSuccessAt",
      latest.timezone,
      latest.utc_offset as "utcOffset",
      next.start_date as "nextStartAt"
    from sync_state
    cross join (
      select min(start_date) as start_date
      from activities
      where athlete_id = ${id}
        and deleted_at is null
        and start_date > ${now}
    ) next
    left join (
      select timezone, utc_offset
      from activities
      where athlete_id = ${id}
        and deleted_at is null
        and start_date <= ${now}
        and ${seesAll ? sql`true` : whereVisibility(sql, { visibility })}
      order by start_date desc, id desc
      limit 1
    ) latest on true
    where sync_state.athlete_id = ${id}
  `;
  return state;
}

function whereChosen(sql: Sql, choice: AthleteChoice): ReturnType<Sql> {
  switch (choice.which) {
    case "id":
      return sql`id = ${choice.id}`;
    case "link":
      return sql`
        share_hash = ${choice.hash}
        and visibility in ('link', 'public')
      `;
    case "user":
      return sql`user_id = ${choice.userId}`;
    case "public": {
      const unset = choice.publicStats ? "public" : "private";
      return sql`coalesce(visibility, ${unset}) = 'public'`;
    }
    case "any":
      return sql`true`;
  }
}
