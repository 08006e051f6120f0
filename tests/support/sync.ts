import { setTimeout as sleep } from "node:timers/promises";
import { createActivity } from "../../strava_simulator/fixtures.ts";
import type { Strava } from "../../strava_simulator/simulator.ts";
import type {
  RequestRecord,
  SummaryActivity,
} from "../../strava_simulator/types.ts";
import { upsertAthlete } from "../../db/athletes.ts";
import { connect, type Sql } from "../../db/driver/client.ts";
import type { SyncRun } from "../../db/sync_runs.ts";
import { insertSyncState, type Trigger } from "../../db/sync_state.ts";
import { createBackground, type Deps } from "../../server/context.ts";
import { REQUESTED_SCOPES } from "../../server/strava/oauth.ts";
import { syncAthlete } from "../../server/sync/run_sync.ts";
import { storeGrant } from "../../server/grants/grants.ts";
import {
  ATHLETE_ID,
  createTestApp,
  NOW,
  type TestApp,
  type TestAppOptions,
} from "./app.ts";

/** Strava's list of activities. */
export const LIST = "/api/v3/athlete/activities";

const DAY_MS = 24 * 60 * 60 * 1000;
const UNTIL_MS = 10_000;

/** Inserts a connected athlete without a first sync, so that the test starts it. */
export async function connectWithoutSync(
  { strava, deps, clock }: Pick<TestApp, "strava" | "deps" | "clock">,
  athleteId = ATHLETE_ID,
): Promise<void> {
  const { access, refreshToken } = strava.grants.issue(
    athleteId,
    REQUESTED_SCOPES,
  );
  const now = new Date(clock.now);
  await deps.sql.begin(async (sql) => {
    await upsertAthlete(sql, {
      id: athleteId,
      profile: { id: athleteId },
      now,
    });
    const grant = {
      athleteId,
      accessToken: access.token,
      refreshToken,
      expiresAt: new Date(access.expiresAt * 1000),
      scopes: REQUESTED_SCOPES,
    };
    await storeGrant(sql, { grant, seal: deps.seal, now });
    await insertSyncState(sql, { athleteId, now });
  });
}

/** Creates a server with a connected athlete whose first sync has not started. */
export async function createConnected(
  activities: readonly SummaryActivity[],
  options: TestAppOptions = {},
): Promise<TestApp> {
  const test = await createTestApp({ activities, ...options });
  await connectWithoutSync(test);
  return test;
}

/** Creates an athlete whose first sync was a day ago, so that a full sync is due. */
export async function createDue(
  activities: readonly SummaryActivity[],
  options: TestAppOptions = {},
): Promise<TestApp> {
  const test = await createConnected(activities, options);
  await sync(test);
  test.clock.now += DAY_MS;
  test.strava.clearRequests();
  return test;
}

/** Creates runs of an hour each, `stepDays` apart, the newest `newestDaysAgo` days before `NOW`. */
export function createSpacedRuns(
  count: number,
  { stepDays = 1, newestDaysAgo = 1 } = {},
): SummaryActivity[] {
  return Array.from({ length: count }, (_, index) =>
    createActivity({
      id: 1_000_000 + count - index,
      name: `Run ${count - index}`,
      start_date: toStart(NOW - (newestDaysAgo + index * stepDays) * DAY_MS),
    }, ATHLETE_ID));
}

/** Returns an instant in Strava's format. */
export function toStart(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}

/** Syncs the athlete. Throws if another sync is running. */
export async function sync(
  { deps }: { deps: Deps },
  { athleteId = ATHLETE_ID, trigger = "cron" }: {
    athleteId?: number;
    trigger?: Trigger;
  } = {},
): Promise<SyncRun> {
  const run = await syncAthlete(deps, { athleteId, trigger });
  if (!run) throw new Error("Another sync is running");
  return run;
}

/** Returns the requests for pages of the list, oldest first. */
export function listPages({ requests }: Strava): RequestRecord[] {
  return requests.filter(({ path }) => path === LIST);
}

/** Returns the stored ids, sorted. Leaves out deleted activities. */
export async function readStoredIds(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    select id
    from activities
    where athlete_id = ${ATHLETE_ID}
      and deleted_at is null
    order by id
  `;
  return rows.map(({ id }) => id);
}

/** Returns the ids at the simulated Strava, sorted. */
export function readStravaIds({ athletes }: Strava): number[] {
  return [...athletes.get(ATHLETE_ID)!.activities.keys()].sort((a, b) => a - b);
}

/** The columns of `sync_state` that tests look at, with the athlete's data version. */
export interface StateRow {
  run_id: number | null;
  leased_until: Date | null;
  full_sync_cursor: Date | null;
  first_synced_at: Date | null;
  last_success_at: Date | null;
  next_due_at: Date;
  failures: number;
  data_version: number;
}

/** Reads the athlete's sync state. */
export async function readState(
  sql: Sql,
  athleteId = ATHLETE_ID,
): Promise<StateRow> {
  const [row] = await sql<StateRow[]>`
    select
      run_id, leased_until, full_sync_cursor, first_synced_at, last_success_at, next_due_at,
      failures, data_version
    from sync_state
    where athlete_id = ${athleteId}
  `;
  return { ...row! };
}

/** Opens a second process on the same database and Strava, with its own pool and background. */
export function openSecondProcess(
  { deps, config, log }: Pick<TestApp, "deps" | "config" | "log">,
): { deps: Deps } & AsyncDisposable {
  const sql = connect(config.databaseUrl, { max: 2 });
  const background = createBackground(log.logger);
  return {
    deps: { ...deps, sql, background },
    async [Symbol.asyncDispose]() {
      await background.close();
      await sql.end();
    },
  };
}

/** Waits until the condition holds. Throws after ten seconds. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  name = "the condition",
): Promise<void> {
  for (let waited = 0; !await condition(); waited += 5) {
    if (waited > UNTIL_MS) throw new Error(`Timed out waiting for ${name}`);
    await sleep(5);
  }
}

/** Waits until a statement in the test's database waits for a lock. */
export async function untilLockWait(
  { deps: { sql } }: Pick<TestApp, "deps">,
): Promise<void> {
  await until(async () => {
    const waiting = await sql`
      select
      from pg_stat_activity
      where datname = current_database()
        and wait_event_type = 'Lock'
    `;
    return waiting.length > 0;
  }, "a statement to wait for a lock");
}
