import type { PushEvent } from "../../strava_simulator/push.ts";
import { getCallbackUrl } from "../../server/webhook/address.ts";
import { maintainSubscription } from "../../server/webhook/subscription.ts";
import {
  ATHLETE_ID,
  createTestApp,
  type TestApp,
  type TestAppOptions,
} from "./app.ts";
import { connectWithoutSync } from "./sync.ts";

/** `WEBHOOK_VERIFY_TOKEN` of the app. */
export const VERIFY_TOKEN = "test-verify-token";

const PUBLIC_URL = "http://server.test";

/** An app with push events: an athlete is connected and the simulator is subscribed. */
export interface WebhookApp extends TestApp {
  /** The callback's path, including its secret. */
  path: string;
  /** POSTs a body to the callback. */
  push(body: BodyInit, headers?: HeadersInit): Promise<Response>;
  /** Delivers the simulator's events and waits until they are processed. */
  deliver(): Promise<void>;
}

/** Creates an app with push events. */
export async function createWebhookApp(
  { env = {}, strava = {}, subscribed = true, ...options }: TestAppOptions & {
    subscribed?: boolean;
  } = {},
): Promise<WebhookApp> {
  // The simulator calls the app's own function, which is created after the simulator.
  const created: { app?: TestApp["app"] } = {};
  const test = await createTestApp({
    ...options,
    env: { PUBLIC_URL, WEBHOOK_VERIFY_TOKEN: VERIFY_TOKEN, ...env },
    strava: { fetch: (request) => created.app!(request), ...strava },
  });
  created.app = test.app;
  if (!options.synced) await connectWithoutSync(test);
  if (subscribed) await maintainSubscription(test.deps, { force: true });
  test.strava.clearRequests();
  const path = new URL(getCallbackUrl(test.config)!).pathname;
  return {
    ...test,
    path,
    push: (body, headers = {}) => test.post(path, { body, headers }),
    async deliver() {
      await test.strava.push.deliver();
      await test.idle();
    },
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
}

/** Returns an event of the athlete as the simulator would send it. */
export function createEvent(
  test: TestApp,
  event: Partial<PushEvent> & { object_id: number },
): PushEvent {
  return {
    object_type: "activity",
    aspect_type: "update",
    updates: {},
    owner_id: ATHLETE_ID,
    subscription_id: test.strava.push.subscription?.id ?? 1,
    event_time: Math.floor(test.clock.now / 1000),
    ...event,
  };
}

/** A row of `webhook_events`. */
export interface EventRow {
  object_type: string;
  object_id: number;
  aspect_type: string;
  attempts: number;
  next_attempt_at: Date;
  lease: string | null;
  outcome: string | null;
}

/** Lists the stored events in the order of arrival. */
export async function listEvents({ deps }: TestApp): Promise<EventRow[]> {
  const rows = await deps.sql<EventRow[]>`
    select object_type, object_id, aspect_type, attempts, next_attempt_at, lease, outcome
    from webhook_events
    order by id
  `;
  return rows.map((row) => ({ ...row }));
}

/** Returns the counts of received events by kind. */
export async function readCounts(
  { deps }: TestApp,
): Promise<Record<string, number>> {
  const rows = await deps.sql<{ kind: string; count: number }[]>`
    select kind, count
    from webhook_counts
    order by kind
  `;
  return Object.fromEntries(rows.map(({ kind, count }) => [kind, count]));
}

/** Lists the paths of requests for single activities, oldest first. */
export function listDetailPaths({ strava }: TestApp): string[] {
  return strava.requests.map(({ path }) => path)
    .filter((path) => /^\/api\/v3\/activities\/\d+$/.test(path));
}

/** Returns the stored name of an activity. */
export async function readName(
  { deps }: TestApp,
  id: number,
): Promise<string | undefined> {
  const [row] = await deps.sql<{ name: string }[]>`
    select name from activities where athlete_id = ${ATHLETE_ID} and id = ${id}
  `;
  return row?.name;
}
