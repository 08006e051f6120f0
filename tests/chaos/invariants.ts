import { setTimeout as sleep } from "node:timers/promises";
import assert from "node:assert/strict";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import { connect, fetchWithKey, requestSync } from "./run_step.ts";
import { checkPushed, checkSubscription, processAllEvents } from "./push.ts";
import type { Server } from "./servers.ts";
import { listAlive, type State } from "./state.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** Period that a recent sync reads again. */
const OVERLAP_MS = 14 * DAY_MS;
const HOUR_SECONDS = 60 * 60;
/** Most syncs until one must succeed, after the faults have ended. */
const MAX_TRIES = 3;

/**
 * Ends the faults, lets the rate limit's windows pass, syncs, and compares the stored and served
 * activities with Strava's. Throws if an invariant is broken.
 */
export async function checkInvariants(state: State): Promise<void> {
  const { strava, clock, proxy } = state;
  state.isFaulty = false;
  strava.faults.clear();
  // A single page would hide activities that are skipped between pages.
  strava.faults.shortPages = state.schedule.setting.shortPages;
  strava.faults.inclusiveBounds = state.schedule.setting.inclusiveBounds;
  await Promise.allSettled(state.background);
  for (const server of state.servers) await server.idle();
  for (const name of ["short", "daily", "readShort", "readDaily"] as const) {
    strava.rateLimit.limits[name] = 100_000;
  }
  const intoDay = clock.now() % DAY_MS;
  await clock.jump((DAY_MS - intoDay) / 1000 + 30);
  let server = listAlive(state)[0] ?? await state.startServer();

  server = await processAllEvents(state, server);
  await checkPushed(state);
  await reconnectLost(state, server);
  const overlap = await readOverlap(state);
  await server.tick({ unfinished: false });
  const { since = overlap } = await syncUntilSuccess(state, server);
  for (const athleteId of state.athleteIds) {
    await compare(state, athleteId, { since: since.get(athleteId)! });
  }
  await syncUntilSuccess(state, server, { full: true });
  await compare(state, state.athleteIds[0]!, {
    since: -Infinity,
    isFull: true,
  });
  await compareResponse(state, server);
  server = await checkSubscription(state, server);
  await checkGrants(state);
  await checkRuns(state);
  assert.deepEqual(proxy.violations, []);
  for (const each of state.servers) {
    assert.ok(!each.hasCrashed(), `Server ${each.id} crashed`);
  }
}

/**
 * Reconnects athletes whose grant is lost. That is allowed only if Strava refused it, the athlete
 * revoked it, or Strava's response to a token refresh was lost.
 */
async function reconnectLost(state: State, server: Server): Promise<void> {
  const { proxy } = state;
  for (const athleteId of state.athleteIds) {
    const { isDead, hasLeft } = await readGrant(state, athleteId);
    assert.ok(
      !(isDead || hasLeft) || proxy.hasRefusedToken(),
      `The grant of athlete ${athleteId} counts as dead, but Strava never refused it`,
    );
    assert.ok(
      !hasLeft || state.isDeauthorizationSent,
      `The grant of athlete ${athleteId} is gone without a deauthorization`,
    );
    if (!isDead && await hasLiveToken(state, athleteId)) continue;
    assert.ok(
      isDead || hasLeft || proxy.isTokenLost(athleteId),
      `The refresh token of athlete ${athleteId} was received but not stored`,
    );
    await connect(state, server, athleteId);
    await server.idle();
  }
}

async function readGrant(
  { sql }: State,
  athleteId: number,
): Promise<{ isDead: boolean; hasLeft: boolean }> {
  const [row] = await sql<{ isDead: boolean }[]>`
    select dead_since is not null as "isDead"
    from grants
    where athlete_id = ${athleteId}
  `;
  return { isDead: row?.isDead ?? false, hasLeft: row === undefined };
}

/** Reports whether the stored refresh token is Strava's. Waits for a refresh in progress. */
async function hasLiveToken(
  state: State,
  athleteId: number,
): Promise<boolean> {
  for (let tries = 0; tries < 50; tries++) {
    const stored = await readRefreshToken(state, athleteId);
    const live = state.strava.grants.liveRefreshToken(athleteId);
    if (stored !== undefined && stored === live) return true;
    if (state.proxy.isTokenLost(athleteId)) return false;
    await sleep(20);
  }
  return false;
}

async function readRefreshToken(
  { sql, seal }: State,
  athleteId: number,
): Promise<string | undefined> {
  const [row] = await sql<{ refresh_token: string }[]>`
    select refresh_token
    from grants
    where athlete_id = ${athleteId}
  `;
  return row &&
    await seal.open(row.refresh_token, { athleteId, column: "refresh_token" });
}

/** Returns the earliest start that the next recent sync reads, for each athlete. */
async function readOverlap({ sql }: State): Promise<Map<number, number>> {
  const rows = await sql<
    { athlete_id: number; since: Date; hasPage: boolean }[]
  >`
    select
      athlete_id,
      coalesce(last_success_at, connected_at) as since,
      full_sync_cursor is not null or first_synced_at is not null as "hasPage"
    from sync_state
    join athletes on id = athlete_id
  `;
  return new Map(rows.map(({ athlete_id, since, hasPage }) => [
    athlete_id,
    hasPage ? since.getTime() - OVERLAP_MS : -Infinity,
  ]));
}

/**
 * Syncs until a new run succeeds. A process may still work on a run from before the faults ended.
 * Such a run is joined, but it may have missed changes in pages that it had already read. `since` is
 * the earliest start that the next run reads.
 */
async function syncUntilSuccess(
  state: State,
  server: Server,
  options: { full?: boolean } = {},
): Promise<{ since?: Map<number, number> }> {
  const statuses: number[] = [];
  const seen: { since?: Map<number, number> } = {};
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const requestedAt = new Date(state.clock.now());
    const status = await requestSync(state, server, options);
    await server.idle();
    const [run] = await state.sql<{ isSuccess: boolean; isJoined: boolean }[]>`
      select
        status = 'success' as "isSuccess",
        started_at < ${requestedAt} as "isJoined"
      from sync_runs
      where athlete_id = ${state.athleteIds[0]!}
      order by id desc
      limit 1
    `;
    if (status === 200 && run?.isSuccess && !run.isJoined) return seen;
    statuses.push(status);
    if (run?.isJoined) seen.since = await readOverlap(state);
    await waitOutRefusals(state);
  }
  throw new Error(`Syncs fail after the faults have ended: ${statuses}`);
}

/** Waits an hour if a process stored a refusal that was sent before the faults ended. */
async function waitOutRefusals({ sql, clock }: State): Promise<void> {
  const [refusal] = await sql`
    select 1
    from rate_limit
    where refused or inactive_since is not null
  `;
  if (refusal) await clock.jump(HOUR_SECONDS);
}

interface Row {
  id: number;
  raw: SummaryActivity;
}

/**
 * Asserts that stored activities equal Strava's if they started after `since` or never changed. After
 * a full sync nothing else may be stored. Before it, each deletion during a sync may have hidden one
 * of the activities that only a full sync reads (docs/adr/0005-reading-stravas-list.md).
 */
async function compare(
  { sql, strava, changedAt, removedDuringSync }: State,
  athleteId: number,
  { since, isFull = false }: { since: number; isFull?: boolean },
): Promise<void> {
  const rows = await sql<Row[]>`
    select id, raw
    from activities
    where athlete_id = ${athleteId}
      and deleted_at is null
    order by id
  `;
  const stored = new Map(rows.map(({ id, raw }) => [id, raw]));
  const { activities } = strava.athletes.get(athleteId)!;
  let hidden = isFull ? 0 : removedDuringSync;
  for (const activity of activities.values()) {
    const isSeen = Date.parse(activity.start_date) > since;
    if (!isSeen && changedAt.has(activity.id)) continue;
    const name = `Activity ${activity.id} of ${activity.start_date}`;
    if (!stored.has(activity.id) && !isSeen && hidden-- > 0) continue;
    assert.ok(stored.has(activity.id), `${name} is not stored`);
    assert.deepEqual(stored.get(activity.id), activity, `${name} differs`);
  }
  if (!isFull) return;
  const gone = [...stored.keys()].filter((id) => !activities.has(id));
  assert.deepEqual(gone, [], "stored although deleted at Strava");
}

/** Asserts that the served list equals the stored activities: every field, newest first, once each. */
async function compareResponse(state: State, server: Server): Promise<void> {
  const served: Record<string, unknown>[] = [];
  for (let total = Infinity; served.length < total;) {
    const path = `/strava/activities?limit=200&offset=${served.length}`;
    const response = await fetchWithKey(server, path);
    assert.equal(response?.status, 200);
    const page = await response.json();
    if (page.data.length === 0) break;
    total = page.total;
    served.push(...page.data);
  }
  const rows = await state.sql<Row[]>`
    select id, raw
    from activities
    where athlete_id = ${state.athleteIds[0]!}
      and deleted_at is null
    order by start_date desc, id desc
  `;
  assert.deepEqual(served, rows.map(({ raw }) => toWire(raw)));
}

/** Returns the expected wire form of Strava's JSON, independent of the server's code. */
function toWire(raw: SummaryActivity): Record<string, unknown> {
  return {
    id: raw.id,
    name: raw.name,
    type: raw.type,
    sport_type: raw.sport_type,
    distance: raw.distance,
    moving_time: raw.moving_time,
    elapsed_time: raw.elapsed_time,
    total_elevation_gain: raw.total_elevation_gain,
    start_date: raw.start_date,
    start_date_local: raw.start_date_local.replace("Z", ""),
    utc_offset: raw.utc_offset,
    timezone: "GMT",
    average_speed: raw.average_speed,
    max_speed: raw.max_speed,
    kudos_count: raw.kudos_count,
    heart_rate: { average: null, max: null },
    visibility: raw.visibility,
    gear_id: raw.gear_id,
    workout_type: null,
    trainer: false,
    commute: false,
    manual: false,
  };
}

async function checkGrants(state: State): Promise<void> {
  const { grants } = state.strava;
  for (const athleteId of state.athleteIds) {
    assert.ok(
      await hasLiveToken(state, athleteId),
      `The stored refresh token of athlete ${athleteId} is dead`,
    );
    const stored = await readRefreshToken(state, athleteId);
    assert.equal(grants.refresh(stored!).athleteId, athleteId);
  }
}

async function checkRuns({ sql }: State): Promise<void> {
  const stuck = await sql`
    select athlete_id, id, status
    from sync_runs
    where status = 'running'
  `;
  assert.deepEqual([...stuck], [], "runs that never ended");
  const states = await sql`
    select athlete_id
    from sync_state
    where run_id is not null or failures > 0 or first_synced_at is null
  `;
  assert.deepEqual([...states], [], "athletes with an unfinished sync");
}
