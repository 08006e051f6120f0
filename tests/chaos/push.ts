import { setTimeout as sleep } from "node:timers/promises";
import assert from "node:assert/strict";
import { createRandom } from "../../demo/history/random.ts";
import type { PushEvent } from "../../strava_simulator/push.ts";
import { getCallbackUrl } from "../../server/webhook/address.ts";
import { createTestConfig } from "../support/app.ts";
import { until } from "../support/sync.ts";
import type { Forgery, Step } from "./schedule.ts";
import type { Server } from "./servers.ts";
import { listAlive, type State } from "./state.ts";

/** Public address of all servers of a schedule, like a reverse proxy in front of them. */
export const PUBLIC_URL = "http://proxy.test";
export const VERIFY_TOKEN = "chaos-verify-token";

/** Rounds of maintenance after which no push event may be waiting. */
const MAX_ROUNDS = 12;
const HOUR_SECONDS = 60 * 60;
/** Number of checks, `WAIT_MS` apart, until a server must have processed all due events. */
const MAX_WAITS = 60;
const WAIT_MS = 50;

/** Status of the reverse proxy while no server is alive. */
const NO_SERVER = 502;

/** Forwards a request to the servers in turn. Returns a 502 if none is alive or the server dies. */
export async function forwardToServer(
  state: State,
  request: Request,
): Promise<Response> {
  await Promise.allSettled(state.starting);
  const alive = listAlive(state);
  const server = alive[state.pushCount++ % alive.length];
  const response = await server?.fetch(request);
  return response ?? new Response(null, { status: NO_SERVER });
}

/** Delivers Strava's waiting push events in an order given by a seed, each `copies` times. */
export async function deliver(
  state: State,
  { order, copies }: { order: number; copies: number },
): Promise<void> {
  const { deliveries } = state.strava.push;
  const open = shuffle(deliveries.splice(0), order);
  for (const delivery of open) {
    const { event, attempts } = delivery;
    const statuses = await Promise.all(
      Array.from({ length: copies }, () => state.strava.push.send(event)),
    );
    const isAccepted = statuses.includes(200);
    recordPushed(state, event, { isAccepted, isFirst: attempts.length === 0 });
    attempts.push(...statuses);
    // Strava tries three times in all, some time apart.
    if (!isAccepted && attempts.length < 3) deliveries.push(delivery);
    checkStatuses(state, statuses);
  }
}

/**
 * Records an event. If a server accepts the first delivery, it knows the activity's current state. A
 * server that dies before it answers may still have stored the event.
 */
function recordPushed(
  state: State,
  { object_type, object_id }: PushEvent,
  { isAccepted, isFirst }: { isAccepted: boolean; isFirst: boolean },
): void {
  if (object_type === "athlete") state.isDeauthorizationSent = true;
  else if (isAccepted && isFirst) state.pushedIds.add(object_id);
}

/**
 * Records unexpected statuses as failures. Expected are 0 if the server died or no subscription
 * exists, and 503 if its database was unavailable.
 */
function checkStatuses(state: State, statuses: readonly number[]): void {
  for (const status of statuses) {
    if ([0, 200, NO_SERVER, 503].includes(status)) continue;
    state.failures.push(`A push event was answered ${status}`);
  }
}

/** Sends a forged event, as anyone can who knows the callback's address. */
export async function forgeEvent(
  state: State,
  { forgery, n }: Step & { do: "forge" },
): Promise<void> {
  const body = JSON.stringify(toForgedEvent(state, { forgery, n }));
  const isGarbage = forgery === "garbage";
  const config = createTestConfig("http://strava.test", {
    url: state.databaseUrl,
    env: { PUBLIC_URL, WEBHOOK_VERIFY_TOKEN: VERIFY_TOKEN },
  });
  const request = new Request(getCallbackUrl(config)!, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: isGarbage ? body.slice(0, n) : body,
  });
  const { status } = await forwardToServer(state, request);
  if (forgery === "deauthorize") state.isDeauthorizationSent = true;
  checkStatuses(state, [status]);
}

function toForgedEvent(
  { strava, athleteIds, clock }: State,
  { forgery, n }: { forgery: Forgery; n: number },
): PushEvent {
  const athleteId = athleteIds[0]!;
  const ids = [...strava.athletes.get(athleteId)!.activities.keys()];
  const event: PushEvent = {
    object_type: "activity",
    object_id: ids[n % ids.length] ?? 77,
    aspect_type: "update",
    updates: { title: "Not its title" },
    owner_id: athleteId,
    subscription_id: strava.push.subscription?.id ?? 1,
    // In the past, now or in the future.
    event_time: Math.floor(clock.now() / 1000) + (n % 3 - 1) * n,
  };
  switch (forgery) {
    case "owner":
      return { ...event, owner_id: 999 };
    case "subscription":
      return { ...event, subscription_id: 7 };
    case "object":
      return { ...event, object_id: 77, aspect_type: "create", updates: {} };
    case "delete":
      return { ...event, aspect_type: "delete", updates: {} };
    case "deauthorize":
      return {
        ...event,
        object_type: "athlete",
        object_id: athleteId,
        updates: { authorized: "false" },
      };
    case "garbage":
      return event;
  }
}

/**
 * Lets the pauses between attempts pass until every stored event is processed. The activities of
 * these events must then equal Strava's without any sync.
 */
export async function processAllEvents(
  state: State,
  server: Server,
): Promise<Server> {
  for (let rounds = 0;; rounds++) {
    const { waiting } = await countEvents(state);
    if (waiting === 0) return server;
    assert.ok(
      rounds < MAX_ROUNDS,
      `Push events are waiting after ${MAX_ROUNDS} rounds`,
    );
    await state.clock.jump(HOUR_SECONDS);
    server = await maintainNow(state, server);
    // If the maintenance fails without a database, the next one processes them.
    for (let waits = 0; waits < MAX_WAITS; waits++) {
      if ((await countEvents(state)).due === 0) break;
      await sleep(WAIT_MS);
    }
  }
}

/** Runs the maintenance. A process runs it only when it starts, because no minute passes here. */
async function maintainNow(state: State, server: Server): Promise<Server> {
  if (state.schedule.kind === "processes") {
    await server.stop();
    return await state.startServer();
  }
  await server.maintain({ isStart: false });
  await server.idle();
  return server;
}

async function countEvents(
  { sql, clock }: State,
): Promise<{ waiting: number; due: number }> {
  const now = new Date(clock.now());
  const [row] = await sql<{ waiting: number; due: number }[]>`
    select count(*) as waiting, count(*) filter (where next_attempt_at <= ${now}) as due
    from webhook_events
    where processed_at is null
  `;
  return row!;
}

/** Outcomes after which an activity may differ from Strava's until the next full sync. */
const UNCERTAIN_OUTCOMES = ["given_up", "ignored", "unknown_subscription"];

/** Asserts that activities unchanged since their push event equal Strava's. */
export async function checkPushed(
  { sql, strava, pushedIds, athleteIds }: State,
): Promise<void> {
  const rows = await sql<{ id: number; raw: unknown; isStored: boolean }[]>`
    select
      object_id as id,
      raw,
      raw is not null and deleted_at is null as "isStored"
    from (
      select athlete_id, object_id
      from webhook_events
      where athlete_id = ${athleteIds[0]!}
        and object_type = 'activity'
      group by athlete_id, object_id
      having not bool_or(outcome = any(${UNCERTAIN_OUTCOMES}))
    ) seen
    left join lateral (
      select raw, deleted_at
      from activities
      where activities.athlete_id = seen.athlete_id
        and id = object_id
    ) activity on true
  `;
  const { activities } = strava.athletes.get(athleteIds[0]!)!;
  for (const { id, raw, isStored } of rows) {
    if (!pushedIds.has(id)) continue;
    const activity = activities.get(id);
    const name = `Activity ${id}, which Strava has pushed,`;
    const isAtStrava = activity !== undefined;
    assert.equal(isStored, isAtStrava, `${name} is stored: ${isStored}`);
    if (activity) assert.deepEqual(raw, activity, `${name} differs`);
  }
}

/** Waits until the database has the id of the one subscription at Strava. */
export async function checkSubscription(
  state: State,
  server: Server,
): Promise<Server> {
  await state.clock.jump(2 * HOUR_SECONDS);
  const last = await maintainNow(state, server);
  await until(async () => {
    const [row] = await state.sql<{ id: number | null }[]>`
      select id
      from webhook_subscriptions
    `;
    const { subscription } = state.strava.push;
    return subscription !== null && row?.id === subscription.id;
  }, "the subscription at Strava to exist and to be stored");
  return last;
}

function shuffle<T>(items: readonly T[], seed: number): T[] {
  if (seed === 0) return [...items];
  const random = createRandom(seed);
  return items.map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
