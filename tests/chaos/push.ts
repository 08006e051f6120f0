import { setTimeout as sleep } from "node:timers/promises";
import assert from "node:assert/strict";
import { createRandom } from "../../demo/history/random.ts";
import type { PushEvent } from "../../strava_simulator/push.ts";
import { callbackUrl } from "../../server/webhook/address.ts";
import { createTestConfig } from "../support/app.ts";
import { until } from "../support/sync.ts";
import type { Lie, Step } from "./schedule.ts";
import type { Server } from "./servers.ts";
import { listAlive, type World } from "./state.ts";

/** Where all servers of a schedule are reached; a proxy in front of them, so to speak. */
export const PUBLIC_URL = "http://proxy.test";
export const VERIFY_TOKEN = "a-word-of-chaos";

/** After so many rounds of waiting nothing waits any more. */
const MAX_ROUNDS = 12;
const HOUR_SECONDS = 60 * 60;
/** How long a server may take for what is due. */
const MAX_WAITS = 60;
const WAIT_MS = 50;

/** What the proxy answers while no server is alive. */
const NO_SERVER = 502;

/** Strava reaches one server after the other; one that dies meanwhile gives no answer. */
export async function reachServer(
  world: World,
  request: Request,
): Promise<Response> {
  await Promise.allSettled(world.starting);
  const alive = listAlive(world);
  const server = alive[world.reached++ % alive.length];
  const response = await server?.fetch(request);
  return response ?? new Response(null, { status: NO_SERVER });
}

/** Delivers all that Strava has to tell, in an order of its own, some of it more than once. */
export async function deliver(
  world: World,
  { order, copies }: { order: number; copies: number },
): Promise<void> {
  const { deliveries } = world.strava.push;
  const open = shuffle(deliveries.splice(0), order);
  for (const delivery of open) {
    const { event, attempts } = delivery;
    const answers = await Promise.all(
      Array.from({ length: copies }, () => world.strava.push.send(event)),
    );
    const isTaken = answers.includes(200);
    noteTold(world, event, { isTaken, isFirst: attempts.length === 0 });
    attempts.push(...answers);
    // Strava tries three times in all, and later.
    if (!isTaken && attempts.length < 3) deliveries.push(delivery);
    checkAnswers(world, answers);
  }
}

/**
 * An event that a server has taken at its first delivery tells of the activity as it is from now on.
 * A server that dies before it answers may have stored the event all the same.
 */
function noteTold(
  world: World,
  { object_type, object_id }: PushEvent,
  { isTaken, isFirst }: { isTaken: boolean; isFirst: boolean },
): void {
  if (object_type === "athlete") world.isToldOfLeaving = true;
  else if (isTaken && isFirst) world.told.add(object_id);
}

/** 0 is a server that died, or nobody to tell; 503 one whose database was away. */
function checkAnswers(world: World, answers: readonly number[]): void {
  for (const status of answers) {
    if ([0, 200, NO_SERVER, 503].includes(status)) continue;
    world.failures.push(`A push event was answered ${status}`);
  }
}

/** What is not so, from somebody who knows the callback's address. */
export async function lie(
  world: World,
  { lie, n }: Step & { do: "lie" },
): Promise<void> {
  const body = JSON.stringify(toLie(world, { lie, n }));
  const isSpoiled = lie === "garbage";
  const config = createTestConfig("http://strava.test", {
    url: world.databaseUrl,
    env: { PUBLIC_URL, WEBHOOK_VERIFY_TOKEN: VERIFY_TOKEN },
  });
  const request = new Request(callbackUrl(config)!, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: isSpoiled ? body.slice(0, n) : body,
  });
  const { status } = await reachServer(world, request);
  if (lie === "deauthorize") world.isToldOfLeaving = true;
  checkAnswers(world, [status]);
}

function toLie(
  { strava, athleteIds, clock }: World,
  { lie, n }: { lie: Lie; n: number },
): PushEvent {
  const athleteId = athleteIds[0]!;
  const ids = [...strava.athletes.get(athleteId)!.activities.keys()];
  const event: PushEvent = {
    object_type: "activity",
    object_id: ids[n % ids.length] ?? 77,
    aspect_type: "update",
    updates: { title: "It is not called so" },
    owner_id: athleteId,
    subscription_id: strava.push.subscription?.id ?? 1,
    // An event of long ago or of the future, as its sender likes.
    event_time: Math.floor(clock.now() / 1000) + (n % 3 - 1) * n,
  };
  switch (lie) {
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
 * Lets the pauses between tries pass until every stored event was worked off; what was told of then
 * is as it is at Strava, without any sync.
 */
export async function workOffEvents(
  world: World,
  server: Server,
): Promise<Server> {
  for (let rounds = 0;; rounds++) {
    const { waiting } = await countEvents(world);
    if (waiting === 0) return server;
    assert.ok(rounds < MAX_ROUNDS, "Push events are not worked off");
    await world.clock.jump(HOUR_SECONDS);
    server = await maintainNow(world, server);
    // A minute that fails, its database being away, leaves them to the next.
    for (let waits = 0; waits < MAX_WAITS; waits++) {
      if ((await countEvents(world)).due === 0) break;
      await sleep(WAIT_MS);
    }
  }
}

/** What a minute brings; a process does it as it starts, and no minute passes here. */
async function maintainNow(world: World, server: Server): Promise<Server> {
  if (world.schedule.kind === "processes") {
    await server.stop();
    return await world.startServer();
  }
  await server.tend({ isStart: false });
  await server.idle();
  return server;
}

async function countEvents(
  { sql, clock }: World,
): Promise<{ waiting: number; due: number }> {
  const now = new Date(clock.now());
  const [row] = await sql<{ waiting: number; due: number }[]>`
    select count(*) as waiting, count(*) filter (where next_attempt_at <= ${now}) as due
    from webhook_events
    where processed_at is null
  `;
  return row!;
}

/** Outcomes after which an activity may be other than at Strava until the next walk. */
const OPEN_ENDS = ["given_up", "ignored", "unknown_subscription"];

/** What Strava has told of, and nothing has changed since, is stored as it is there. */
export async function checkTold(
  { sql, strava, told, athleteIds }: World,
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
      having not bool_or(outcome = any(${OPEN_ENDS}))
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
    if (!told.has(id)) continue;
    const activity = activities.get(id);
    const what = `Activity ${id}, of which Strava has told,`;
    assert.equal(isStored, activity !== undefined, `${what} is stored or not`);
    if (activity) assert.deepEqual(raw, activity, `${what} differs`);
  }
}

/** The simulator's one subscription is the one that the database knows. */
export async function checkSubscription(
  world: World,
  server: Server,
): Promise<Server> {
  await world.clock.jump(2 * HOUR_SECONDS);
  const last = await maintainNow(world, server);
  await until(async () => {
    const [row] = await world.sql<{ id: number | null }[]>`
      select id
      from webhook_subscriptions
    `;
    const { subscription } = world.strava.push;
    return subscription !== null && row?.id === subscription.id;
  }, "the subscription at Strava to be there, and known");
  return last;
}

function shuffle<T>(items: readonly T[], seed: number): T[] {
  if (seed === 0) return [...items];
  const random = createRandom(seed);
  return items.map((item) => ({ item, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
