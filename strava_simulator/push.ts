import type { ActivityChange } from "./athletes.ts";
import type { Grants } from "./grants.ts";

/** The body of a webhook POST. */
export interface PushEvent {
  object_type: "activity" | "athlete";
  object_id: number;
  aspect_type: "create" | "update" | "delete";
  /** All values are strings, `private` and `authorized` too. */
  updates: Record<string, string>;
  owner_id: number;
  subscription_id: number;
  /** Epoch seconds. */
  event_time: number;
}

export interface Subscription {
  id: number;
  resource_state: number;
  application_id: number;
  callback_url: string;
  created_at: string;
  updated_at: string;
}

/** An event with the result of each delivery: the callback's status, or 0 without a response in time. */
export interface Delivery {
  event: PushEvent;
  attempts: number[];
  delivered: boolean;
}

/** The app's one webhook subscription and the events sent to it. */
export interface Push {
  subscription: Subscription | null;
  deliveries: Delivery[];
  emit(change: ActivityChange): void;
  emitDeauthorization(athleteId: number): void;
  /** Tries every undelivered event once more, in order; an event is given up after three attempts. */
  deliver(): Promise<Delivery[]>;
  /** Sends an event again or out of order, as Strava sometimes does. Returns the callback's status. */
  send(event: PushEvent): Promise<number>;
  /** Cancels later retries. Resolves when the running deliveries have ended. */
  close(): Promise<void>;
}

export interface PushOptions {
  now: () => number;
  grants: Grants;
  /** Calls the callback: the global fetch, or in a test the app's own function. */
  fetch: (request: Request) => Promise<Response>;
  /** Delivers at once and retries on timers instead of waiting for `deliver`. */
  automatic: boolean;
  retryMs: number;
  timeoutMs: number;
  /** Adds `X-Strava-Signature`. Real deliveries have it, but Strava does not publish the secret. */
  signingSecret?: string;
}

export const MAX_ATTEMPTS = 3;

export function createPush(options: PushOptions): Push {
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const running = new Set<Promise<unknown>>();

  async function attempt(delivery: Delivery): Promise<void> {
    const status = await push.send(delivery.event);
    delivery.attempts.push(status);
    delivery.delivered = status === 200;
  }

  function start(delivery: Delivery): void {
    const work = attempt(delivery).then(() => {
      if (isDone(delivery)) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        start(delivery);
      }, options.retryMs);
      timers.add(timer);
    }).finally(() => running.delete(work));
    running.add(work);
  }

  function enqueue(
    event: Omit<PushEvent, "subscription_id" | "event_time">,
  ): void {
    if (!push.subscription) return; // Strava keeps nothing for a later subscriber
    const delivery = {
      event: {
        ...event,
        subscription_id: push.subscription.id,
        event_time: Math.floor(options.now() / 1000),
      },
      attempts: [],
      delivered: false,
    };
    push.deliveries.push(delivery);
    if (options.automatic) start(delivery);
  }

  const push: Push = {
    subscription: null,
    deliveries: [],
    emit(change) {
      const seen = toVisible(
        change,
        options.grants.get(change.athleteId)?.scopes ?? new Set(),
      );
      if (!seen) return;
      enqueue({
        object_type: "activity",
        object_id: change.activityId,
        ...seen,
        owner_id: change.athleteId,
      });
    },
    emitDeauthorization(athleteId) {
      enqueue({
        object_type: "athlete",
        object_id: athleteId,
        aspect_type: "update",
        updates: { authorized: "false" },
        owner_id: athleteId,
      });
    },
    async deliver() {
      const open = push.deliveries.filter((delivery) => !isDone(delivery));
      for (const delivery of open) await attempt(delivery);
      return open;
    },
    async send(event) {
      const url = push.subscription?.callback_url;
      return url ? await post(options, url, event) : 0;
    },
    async close() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await Promise.all(running);
      for (const timer of timers) clearTimeout(timer);
    },
  };
  return push;
}

function isDone(delivery: Delivery): boolean {
  return delivery.delivered || delivery.attempts.length >= MAX_ATTEMPTS;
}

/**
 * Returns the change as a token with these scopes sees it, or null.
 * Without `activity:read_all` a switch to Only You looks like a deletion and the way back like a new activity.
 */
function toVisible(
  { aspect, updates, wasPrivate }: ActivityChange,
  scopes: ReadonlySet<string>,
):
  | { aspect_type: PushEvent["aspect_type"]; updates: Record<string, string> }
  | null {
  const texts = Object.entries(updates).map((
    [key, value],
  ) => [key, String(value)]);
  if (scopes.has("activity:read_all")) {
    return { aspect_type: aspect, updates: Object.fromEntries(texts) };
  }
  if (!scopes.has("activity:read")) return null;
  if (aspect === "update" && updates.private !== undefined) {
    return { aspect_type: updates.private ? "delete" : "create", updates: {} };
  }
  return wasPrivate
    ? null
    : { aspect_type: aspect, updates: Object.fromEntries(texts) };
}

/** Returns the callback's status, or 0 if it did not respond within Strava's limit. */
async function post(
  options: PushOptions,
  url: string,
  event: PushEvent,
): Promise<number> {
  const body = JSON.stringify(event);
  const headers = new Headers({ "Content-Type": "application/json" });
  if (options.signingSecret) {
    const at = Math.floor(options.now() / 1000);
    headers.set(
      "X-Strava-Signature",
      await sign(options.signingSecret, at, body),
    );
  }
  try {
    const response = await fetchInTime(options, url, {
      method: "POST",
      headers,
      body,
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}

/** Sends a request that fails after `timeoutMs`. Redirects are not followed. */
export async function fetchInTime(
  options: Pick<PushOptions, "fetch" | "timeoutMs">,
  url: string,
  init: RequestInit,
): Promise<Response> {
  const timeout = Promise.withResolvers<never>();
  const abort = new AbortController();
  const timer = setTimeout(() => {
    abort.abort();
    timeout.reject(
      new Error(`No answer from "${url}" within ${options.timeoutMs} ms`),
    );
  }, options.timeoutMs);
  try {
    const request = new Request(url, {
      ...init,
      redirect: "manual",
      signal: abort.signal,
    });
    return await Promise.race([options.fetch(request), timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function sign(secret: string, at: number, body: string): Promise<string> {
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey(
    "raw",
    encoder.encode(secret),
    algorithm,
    false,
    [
      "sign",
    ],
  );
  const mac = await crypto.subtle.sign(
    "HMAC",
    key,
    encoder.encode(`${at}.${body}`),
  );
  return `t=${at},v1=${new Uint8Array(mac).toHex()}`;
}
