import type { PushEvent } from "../../strava_simulator/push.ts";
import { callbackUrl } from "../../server/webhook/address.ts";
import { maintainSubscription } from "../../server/webhook/subscription.ts";
import {
  ATHLETE_ID,
  createTestApp,
  type TestApp,
  type TestAppOptions,
} from "./app.ts";
import { connectQuietly } from "./sync.ts";

export const VERIFY_TOKEN = "a-word-of-mine";

const PUBLIC_URL = "http://server.test";

/** A server whose push events are on, an athlete connected, and the simulator subscribed to it. */
export interface WebhookApp extends TestApp {
  /** The callback's path, its secret included. */
  path: string;
  /** POSTs a body to the callback. */
  push(body: BodyInit, headers?: HeadersInit): Promise<Response>;
  /** Delivers what the simulator has to tell, and waits until it was worked off. */
  deliver(): Promise<void>;
}

export async function createWebhookApp(
  { env = {}, strava = {}, subscribed = true, ...options }: TestAppOptions & {
    subscribed?: boolean;
  } = {},
): Promise<WebhookApp> {
  // The callback is the app's own function, which is there only after the simulator.
  const late: { app?: TestApp["app"] } = {};
  const test = await createTestApp({
    ...options,
    env: { PUBLIC_URL, WEBHOOK_VERIFY_TOKEN: VERIFY_TOKEN, ...env },
    strava: { fetch: (request) => late.app!(request), ...strava },
  });
  late.app = test.app;
  if (!options.synced) await connectQuietly(test);
  if (subscribed) await maintainSubscription(test.deps, { force: true });
  test.strava.clearRequests();
  const path = new URL(callbackUrl(test.config)!).pathname;
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

/** An event of the athlete's as the simulator would send it. */
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

export interface EventRow {
  object_type: string;
  object_id: number;
  aspect_type: string;
  attempts: number;
  next_attempt_at: Date;
  lease: string | null;
  outcome: string | null;
}

/** The stored events in the order in which they came. */
export async function listEvents({ deps }: TestApp): Promise<EventRow[]> {
  const rows = await deps.sql<EventRow[]>`
    select object_type, object_id, aspect_type, attempts, next_attempt_at, lease, outcome
    from webhook_events
    order by id
  `;
  return rows.map((row) => ({ ...row }));
}

/** What was counted, by kind. */
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

/** The requests for single activities, oldest first. */
export function listDetailPaths({ strava }: TestApp): string[] {
  return strava.requests.map(({ path }) => path)
    .filter((path) => /^\/api\/v3\/activities\/\d+$/.test(path));
}
