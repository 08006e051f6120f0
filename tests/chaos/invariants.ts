import { setTimeout as sleep } from "node:timers/promises";
import assert from "node:assert/strict";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import { ask, askForSync, connect } from "./run_step.ts";
import { checkSubscription, checkTold, workOffEvents } from "./push.ts";
import type { Server } from "./servers.ts";
import { listAlive, type World } from "./state.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
/** How far back a sync that is not full looks again. */
const OVERLAP_MS = 14 * DAY_MS;
const HOUR_SECONDS = 60 * 60;
/** After the faults have ended. */
const MAX_TRIES = 3;

/**
 * Ends the faults, lets the budget's windows pass, syncs, and compares what is stored and served
 * with what is at Strava. Throws what is not as it must be.
 */
export async function checkTruth(world: World): Promise<void> {
  const { strava, clock, gate } = world;
  world.isFaulty = false;
  strava.faults.clear();
  // One page for all would hide what a walk over several leaves out.
  strava.faults.shortPages = world.schedule.setting.shortPages;
  strava.faults.inclusiveBounds = world.schedule.setting.inclusiveBounds;
  await Promise.allSettled(world.beside);
  for (const server of world.servers) await server.idle();
  for (const name of ["short", "daily", "readShort", "readDaily"] as const) {
    strava.rateLimit.limits[name] = 100_000;
  }
  const intoDay = clock.now() % DAY_MS;
  await clock.jump((DAY_MS - intoDay) / 1000 + 30);
  let server = listAlive(world)[0] ?? await world.startServer();

  server = await workOffEvents(world, server);
  await checkTold(world);
  await reconnectTheLost(world, server);
  const overlap = await readOverlap(world);
  await server.tick({ unfinished: false });
  const { since = overlap } = await syncUntilGood(world, server);
  for (const athleteId of world.athleteIds) {
    await compare(world, athleteId, { since: since.get(athleteId)! });
  }
  await syncUntilGood(world, server, { full: true });
  await compare(world, world.athleteIds[0]!, {
    since: -Infinity,
    isFull: true,
  });
  await compareAnswers(world, server);
  server = await checkSubscription(world, server);
  await checkGrants(world);
  await checkRuns(world);
  assert.deepEqual(gate.violations, []);
  for (const each of world.servers) {
    assert.ok(!each.hasCrashed(), `Server ${each.id} ended by itself`);
  }
}

/** Strava's answer to a refresh may have got lost for good: then, and only then, the athlete must connect again. */
async function reconnectTheLost(world: World, server: Server): Promise<void> {
  const { gate } = world;
  for (const athleteId of world.athleteIds) {
    const { isDead, hasLeft } = await readGrant(world, athleteId);
    assert.ok(
      !(isDead || hasLeft) || gate.hasRefusedToken(),
      `The grant of athlete ${athleteId} is taken for dead, and Strava never said so`,
    );
    assert.ok(
      !hasLeft || world.isToldOfLeaving,
      `The grant of athlete ${athleteId} is gone, and nobody has told of it`,
    );
    if (!isDead && await hasLiveToken(world, athleteId)) continue;
    assert.ok(
      isDead || hasLeft || gate.isGrantLost(athleteId),
      `The refresh token of athlete ${athleteId} came and was not kept`,
    );
    await connect(world, server, athleteId);
    await server.idle();
  }
}

async function readGrant(
  { sql }: World,
  athleteId: number,
): Promise<{ isDead: boolean; hasLeft: boolean }> {
  const [row] = await sql<{ isDead: boolean }[]>`
    select dead_since is not null as "isDead"
    from grants
    where athlete_id = ${athleteId}
  `;
  return { isDead: row?.isDead ?? false, hasLeft: row === undefined };
}

/** Whether the stored refresh token is Strava's, or becomes it: a refresh may be under way. */
async function hasLiveToken(
  world: World,
  athleteId: number,
): Promise<boolean> {
  for (let tries = 0; tries < 50; tries++) {
    const stored = await readRefreshToken(world, athleteId);
    const live = world.strava.grants.liveRefreshToken(athleteId);
    if (stored !== undefined && stored === live) return true;
    if (world.gate.isGrantLost(athleteId)) return false;
    await sleep(20);
  }
  return false;
}

async function readRefreshToken(
  { sql, seal }: World,
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

/** From which start on the next sync that is not full sees each athlete's activities. */
async function readOverlap({ sql }: World): Promise<Map<number, number>> {
  const rows = await sql<
    { athlete_id: number; since: Date; begun: boolean }[]
  >`
    select
      athlete_id,
      coalesce(last_success_at, connected_at) as since,
      full_sync_cursor is not null or first_synced_at is not null as begun
    from sync_state
    join athletes on id = athlete_id
  `;
  return new Map(rows.map(({ athlete_id, since, begun }) => [
    athlete_id,
    begun ? since.getTime() - OVERLAP_MS : -Infinity,
  ]));
}

/**
 * Syncs until a run that began now is good. In a process a run may be under way since before the
 * faults ended: it is joined, and of what it has passed it does not tell. `since` is from where on
 * the run after such a one sees the activities.
 */
async function syncUntilGood(
  world: World,
  server: Server,
  options: { full?: boolean } = {},
): Promise<{ since?: Map<number, number> }> {
  const statuses: number[] = [];
  const seen: { since?: Map<number, number> } = {};
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    const askedAt = new Date(world.clock.now());
    const status = await askForSync(world, server, options);
    await server.idle();
    const [run] = await world.sql<{ isGood: boolean; isJoined: boolean }[]>`
      select
        status = 'success' as "isGood",
        started_at < ${askedAt} as "isJoined"
      from sync_runs
      where athlete_id = ${world.athleteIds[0]!}
      order by id desc
      limit 1
    `;
    if (status === 200 && run?.isGood && !run.isJoined) return seen;
    statuses.push(status);
    if (run?.isJoined) seen.since = await readOverlap(world);
    await passShutOut(world);
  }
  throw new Error(`Nothing is wrong any more, and a sync fails: ${statuses}`);
}

/** A refusal that was on its way to a process as the faults ended holds for its hour. */
async function passShutOut({ sql, clock }: World): Promise<void> {
  const [shut] = await sql`
    select 1
    from rate_limit
    where refused or inactive_since is not null
  `;
  if (shut) await clock.jump(HOUR_SECONDS);
}

interface Row {
  id: number;
  raw: SummaryActivity;
}

/**
 * What began from `since` on, or is as it was at first, is as at Strava; nothing else is there where
 * all was walked. Only of what no sync but a full one sees again, may one be missing for each
 * deletion amid a walk (docs/adr/0005-walking-stravas-list.md).
 */
async function compare(
  { sql, strava, changedAt, removedAmidWalk }: World,
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
  let hidden = isFull ? 0 : removedAmidWalk;
  for (const activity of activities.values()) {
    const isSeen = Date.parse(activity.start_date) > since;
    if (!isSeen && changedAt.has(activity.id)) continue;
    const what = `Activity ${activity.id} of ${activity.start_date}`;
    if (!stored.has(activity.id) && !isSeen && hidden-- > 0) continue;
    assert.ok(stored.has(activity.id), `${what} is not stored`);
    assert.deepEqual(stored.get(activity.id), activity, `${what} differs`);
  }
  if (!isFull) return;
  const gone = [...stored.keys()].filter((id) => !activities.has(id));
  assert.deepEqual(gone, [], "Deleted at Strava, and still here");
}

/** The list as it is served is what is stored, column by column, newest first and each once. */
async function compareAnswers(world: World, server: Server): Promise<void> {
  const served: Record<string, unknown>[] = [];
  for (let total = Infinity; served.length < total;) {
    const path = `/strava/activities?limit=200&offset=${served.length}`;
    const response = await ask(server, path);
    assert.equal(response?.status, 200);
    const page = await response.json();
    if (page.data.length === 0) break;
    total = page.total;
    served.push(...page.data);
  }
  const rows = await world.sql<Row[]>`
    select id, raw
    from activities
    where athlete_id = ${world.athleteIds[0]!}
      and deleted_at is null
    order by start_date desc, id desc
  `;
  assert.deepEqual(served, rows.map(({ raw }) => toWire(raw)));
}

/** How Strava's answer must be served, written down once more. */
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

async function checkGrants(world: World): Promise<void> {
  const { grants } = world.strava;
  for (const athleteId of world.athleteIds) {
    assert.ok(
      await hasLiveToken(world, athleteId),
      `The stored refresh token of athlete ${athleteId} is dead`,
    );
    const stored = await readRefreshToken(world, athleteId);
    assert.equal(grants.refresh(stored!).athleteId, athleteId);
  }
}

async function checkRuns({ sql }: World): Promise<void> {
  const stuck = await sql`
    select athlete_id, id, status
    from sync_runs
    where status = 'running'
  `;
  assert.deepEqual([...stuck], [], "A run is stuck");
  const states = await sql`
    select athlete_id
    from sync_state
    where run_id is not null or failures > 0 or first_synced_at is null
  `;
  assert.deepEqual([...states], [], "An athlete is left unfinished");
}
