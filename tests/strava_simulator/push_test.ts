import assert from "node:assert/strict";
import { createActivity } from "../../strava_simulator/fixtures.ts";
import type { StravaOptions } from "../../strava_simulator/simulator.ts";
import type { PushEvent } from "../../strava_simulator/push.ts";
import {
  assertFault,
  ATHLETE_ID,
  createRig,
  post,
  type Rig,
} from "./simulator.ts";

const CLIENT = {
  client_id: "12345",
  client_secret: "0123456789abcdef0123456789abcdef01234567",
};

interface Subscriber {
  rig: Rig;
  events: PushEvent[];
  headers: Headers[];
  /** Status that the callback returns for an event; 0 means no response. */
  answers: number[];
  /** Answers the challenge. Tests replace it to fail the challenge. */
  challenge: (url: URL) => Response;
}

/** A simulator whose callback is a function instead of a server. */
function createSubscriber(
  options: StravaOptions & { scopes?: string[] } = {},
): Subscriber {
  const subscriber: Subscriber = {
    rig: createRig([createActivity({ id: 1 }, ATHLETE_ID)], {
      ...options,
      callbackTimeoutMs: 20,
      fetch: async (request) => {
        if (request.method === "GET") {
          return subscriber.challenge(new URL(request.url));
        }
        subscriber.headers.push(request.headers);
        subscriber.events.push(await request.json());
        const status = subscriber.answers.shift() ?? 200;
        return status === 0
          ? await new Promise<Response>(() => {})
          : new Response("", { status });
      },
    }),
    events: [],
    headers: [],
    answers: [],
    challenge: (url) =>
      Response.json({ "hub.challenge": url.searchParams.get("hub.challenge") }),
  };
  return subscriber;
}

function subscribe(
  { rig }: Subscriber,
  fields: Record<string, string> = {},
): Promise<Response> {
  return post(rig.strava, "/api/v3/push_subscriptions", {
    ...CLIENT,
    callback_url: "https://api.example.com/webhook?secret=1",
    verify_token: "token",
    ...fields,
  });
}

function callSubscriptions(
  rig: Rig,
  method: string,
  suffix = "",
): Promise<Response> {
  const url =
    `http://strava.test/api/v3/push_subscriptions${suffix}?${new URLSearchParams(
      CLIENT,
    )}`;
  return rig.strava.fetch(new Request(url, { method }));
}

async function emit(
  subscriber: Subscriber,
  change: () => void,
): Promise<PushEvent[]> {
  subscriber.events.length = 0;
  change();
  await subscriber.rig.strava.push.deliver();
  return subscriber.events;
}

Deno.test("POST /push_subscriptions: requires the callback to echo the challenge", async () => {
  const subscriber = createSubscriber();
  let asked: URL | undefined;
  const echo = subscriber.challenge;
  subscriber.challenge = (url) => echo(asked = url);

  const response = await subscribe(subscriber);
  const created = await response.json();
  const listed = await (await callSubscriptions(subscriber.rig, "GET")).json();

  assert.equal(response.status, 201);
  assert.equal(created.application_id, 12345);
  assert.equal(asked?.searchParams.get("hub.mode"), "subscribe");
  assert.equal(asked?.searchParams.get("hub.verify_token"), "token");
  assert.equal(asked?.searchParams.get("secret"), "1");
  assert.deepEqual(listed, [created]);
});

Deno.test("POST /push_subscriptions: refuses a callback with a wrong response", async () => {
  const refusals: [(url: URL) => Response, string][] = [
    [
      () => new Response("", { status: 404 }),
      "GET to callback URL does not return 200",
    ],
    [
      () => Response.redirect("https://login.example"),
      "GET to callback URL does not return 200",
    ],
    [() => Response.json({ "hub.challenge": "other" }), "not verifiable"],
    [() => new Response("hello"), "not verifiable"],
    [() => {
      throw new TypeError("unreachable");
    }, "not verifiable"],
  ];
  for (const [challenge, code] of refusals) {
    const subscriber = createSubscriber();
    subscriber.challenge = challenge;

    const response = await subscribe(subscriber);

    await assertFault(
      response,
      400,
      "Bad Request",
      "PushSubscription",
      "callback url",
      code,
    );
    assert.equal(subscriber.rig.strava.push.subscription, null);
  }
});

Deno.test("POST /push_subscriptions: allows one per app, with its credentials", async () => {
  const subscriber = createSubscriber();
  const wrong = await subscribe(subscriber, { client_secret: "wrong" });
  const long = await subscribe(subscriber, {
    callback_url: `https://x.example/${"x".repeat(255)}`,
  });
  await subscribe(subscriber);
  const second = await subscribe(subscriber);

  await assertFault(
    wrong,
    400,
    "Bad Request",
    "Application",
    "client_secret",
    "invalid",
  );
  await assertFault(
    long,
    400,
    "Bad Request",
    "PushSubscription",
    "callback url",
    "invalid",
  );
  await assertFault(
    second,
    400,
    "Bad Request",
    "PushSubscription",
    "",
    "already exists",
  );
});

Deno.test("DELETE /push_subscriptions/{id}: ends the events, 404 for another id", async () => {
  const subscriber = createSubscriber();
  const { id } = await (await subscribe(subscriber)).json();

  assert.equal(
    (await callSubscriptions(subscriber.rig, "DELETE", "/1")).status,
    404,
  );
  const response = await callSubscriptions(subscriber.rig, "DELETE", `/${id}`);

  assert.equal(response.status, 204);
  assert.equal(await response.text(), "");
  assert.deepEqual(
    await (await callSubscriptions(subscriber.rig, "GET")).json(),
    [],
  );
  assert.deepEqual(
    await emit(subscriber, () => subscriber.rig.athlete.remove(1)),
    [],
  );
});

Deno.test("events: cover create, delete, and changes of title, type and privacy", async () => {
  const subscriber = createSubscriber();
  const { id } = await (await subscribe(subscriber)).json();
  const { athlete, clock } = subscriber.rig;
  const common = {
    object_type: "activity",
    owner_id: ATHLETE_ID,
    subscription_id: id,
    event_time: clock.now / 1000,
  };
  const update = { ...common, object_id: 1, aspect_type: "update" };

  assert.deepEqual(await emit(subscriber, () => athlete.add({ id: 5 })), [
    { ...common, object_id: 5, aspect_type: "create", updates: {} },
  ]);
  assert.deepEqual(
    await emit(subscriber, () => athlete.update(1, { name: "New" })),
    [
      { ...update, updates: { title: "New" } },
    ],
  );
  assert.deepEqual(
    await emit(
      subscriber,
      () => athlete.update(1, { sport_type: "GravelRide" }),
    ),
    [
      { ...update, updates: { type: "Ride" } },
    ],
  );
  assert.deepEqual(
    await emit(subscriber, () => athlete.update(1, { visibility: "only_me" })),
    [
      { ...update, updates: { private: "true" } },
    ],
  );
  assert.deepEqual(
    await emit(
      subscriber,
      () => athlete.update(1, { distance: 1, gear_id: "b1", commute: true }),
    ),
    [],
  );
  assert.deepEqual(await emit(subscriber, () => athlete.remove(1)), [
    { ...common, object_id: 1, aspect_type: "delete", updates: {} },
  ]);
});

Deno.test("events: show a switch to Only You as a delete without activity:read_all", async () => {
  const subscriber = createSubscriber({ scopes: ["activity:read"] });
  await subscribe(subscriber);
  const { athlete } = subscriber.rig;
  const kinds = async (change: () => void): Promise<string[]> =>
    (await emit(subscriber, change)).map((event) => event.aspect_type);

  assert.deepEqual(await kinds(() => athlete.update(1, { private: true })), [
    "delete",
  ]);
  assert.deepEqual(
    await kinds(() => athlete.update(1, { name: "Unseen" })),
    [],
  );
  assert.deepEqual(await kinds(() => athlete.update(1, { private: false })), [
    "create",
  ]);
  assert.equal(athlete.activities.get(1)?.visibility, "everyone");
});

Deno.test("events: omit an athlete without activity:read", async () => {
  const subscriber = createSubscriber({ scopes: ["read"] });
  await subscribe(subscriber);

  assert.deepEqual(
    await emit(subscriber, () => subscriber.rig.athlete.remove(1)),
    [],
  );
});

Deno.test("events: report every way of ending a grant", async () => {
  const ends: ((rig: Rig) => unknown)[] = [
    ({ strava }) => strava.deauthorize(ATHLETE_ID),
    ({ strava, token }) =>
      post(strava, "/oauth/deauthorize", {}, {
        Authorization: `Bearer ${token}`,
      }),
    ({ strava, token }) =>
      post(strava, "/oauth/revoke", { token }, {
        Authorization: `Basic ${btoa(`12345:${CLIENT.client_secret}`)}`,
      }),
  ];
  for (const end of ends) {
    const subscriber = createSubscriber();
    await subscribe(subscriber);

    await end(subscriber.rig);
    await subscriber.rig.strava.push.deliver();

    const [event] = subscriber.events;
    assert.equal(subscriber.events.length, 1);
    assert.equal(event?.object_type, "athlete");
    assert.equal(event?.object_id, ATHLETE_ID);
    assert.equal(event?.aspect_type, "update");
    assert.deepEqual(event?.updates, { authorized: "false" });
  }
});

Deno.test("delivery: gives up after three attempts", async () => {
  const subscriber = createSubscriber();
  await subscribe(subscriber);
  subscriber.answers.push(500, 0, 302);
  subscriber.rig.athlete.remove(1);
  const { push } = subscriber.rig.strava;

  for (let round = 0; round < 4; round++) await push.deliver();

  assert.equal(subscriber.events.length, 3);
  assert.deepEqual(push.deliveries[0]?.attempts, [500, 0, 302]);
  assert.equal(push.deliveries[0]?.delivered, false);
});

Deno.test("delivery: retries automatically", async () => {
  const subscriber = createSubscriber({ autoDeliver: true, retryMs: 1 });
  await subscribe(subscriber);
  subscriber.answers.push(503, 503);
  const third = Promise.withResolvers<void>();
  const push = subscriber.events.push.bind(subscriber.events);
  subscriber.events.push = (...events) => {
    const length = push(...events);
    if (length === 3) third.resolve();
    return length;
  };

  subscriber.rig.athlete.remove(1);
  await third.promise;
  await subscriber.rig.strava.close();

  assert.deepEqual(subscriber.rig.strava.push.deliveries[0]?.attempts, [
    503,
    503,
    200,
  ]);
});

Deno.test("delivery: can send an event twice, as Strava sometimes does", async () => {
  const subscriber = createSubscriber();
  await subscribe(subscriber);
  const { strava, athlete } = subscriber.rig;
  athlete.remove(1);
  const [delivery] = await strava.push.deliver();
  assert.ok(delivery);

  assert.equal(await strava.push.send(delivery.event), 200);

  assert.deepEqual(subscriber.events, [delivery.event, delivery.event]);
});

Deno.test("delivery: signs time and body with HMAC when a secret is set", async () => {
  const signed = createSubscriber({ signingSecret: "s3cret" });
  const plain = createSubscriber();
  for (const subscriber of [signed, plain]) {
    await subscribe(subscriber);
    await emit(subscriber, () => subscriber.rig.athlete.remove(1));
  }
  const at = signed.rig.clock.now / 1000;
  const { createHmac } = await import("node:crypto");
  const body = JSON.stringify(signed.events[0]);
  const mac = createHmac("sha256", "s3cret").update(`${at}.${body}`).digest(
    "hex",
  );

  assert.equal(
    signed.headers[0]?.get("X-Strava-Signature"),
    `t=${at},v1=${mac}`,
  );
  assert.equal(plain.headers[0]?.get("X-Strava-Signature"), null);
});
