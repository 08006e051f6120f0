import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { getAccessToken } from "../../../server/grants/token_refresh.ts";
import { getCallbackUrl } from "../../../server/webhook/address.ts";
import { API_KEY, createTestApp, NOW } from "../../support/app.ts";
import {
  createEvent,
  createWebhookApp,
  listEvents,
  readCounts,
  VERIFY_TOKEN,
} from "../../support/webhook.ts";

const QUERY = `hub.mode=subscribe&hub.challenge=abc123&hub.verify_token=`;

Deno.test("GET /strava/webhook/{secret}: echoes the challenge for the right token", async () => {
  await using test = await createWebhookApp();

  const good = await test.get(`${test.path}?${QUERY}${VERIFY_TOKEN}`);
  const bad = [
    `${test.path}?${QUERY}other`,
    `${test.path}?${QUERY}`,
    `${test.path}`,
    `${test.path}?hub.mode=unsubscribe&hub.challenge=a&hub.verify_token=${VERIFY_TOKEN}`,
    `${test.path}?hub.mode=subscribe&hub.verify_token=${VERIFY_TOKEN}`,
    `${test.path}?hub.mode=subscribe&hub.challenge=${"a".repeat(1001)}` +
    `&hub.verify_token=${VERIFY_TOKEN}`,
  ];

  assert.equal(good.status, 200);
  assert.match(good.headers.get("content-type") ?? "", /^application\/json/);
  assert.deepEqual(await good.json(), { "hub.challenge": "abc123" });
  for (const path of bad) {
    const response = await test.get(path);
    assert.equal(response.status, 400, path);
    assert.equal((await response.json()).reason, "invalid_input");
  }
});

Deno.test("/strava/webhook: answers 404 without the secret or with webhooks off", async () => {
  await using on = await createWebhookApp();
  await using off = await createTestApp();
  const event = JSON.stringify(createEvent(on, { object_id: 1 }));
  const wrong = `${on.path.slice(0, -1)}${on.path.endsWith("A") ? "B" : "A"}`;

  for (
    const [test, path] of [
      [on, "/strava/webhook"],
      [on, "/strava/webhook/"],
      [on, wrong],
      [on, `${on.path}/more`],
      [off, on.path],
    ] as const
  ) {
    const get = await test.get(`${path}?${QUERY}${VERIFY_TOKEN}`);
    const post = await test.post(path, { body: event });
    assert.deepEqual([get.status, post.status], [404, 404], path);
    await Promise.all([get.body?.cancel(), post.body?.cancel()]);
  }
  assert.deepEqual(await readCounts(on), {});
});

Deno.test("POST /strava/webhook/{secret}: answers 200 and counts dropped events", async () => {
  await using test = await createWebhookApp();
  const event = createEvent(test, { object_id: 1 });
  const deep = `{"a":`.repeat(2000) + "1" + "}".repeat(2000);
  const bodies: BodyInit[] = [
    "",
    "{",
    "null",
    "[]",
    new Uint8Array([0xff, 0xfe, 0]),
    JSON.stringify({ ...event, object_id: "1" }),
    JSON.stringify({ ...event, object_type: "club" }),
    JSON.stringify({ ...event, event_time: 1e15 }),
    JSON.stringify({ ...event, owner_id: 2 ** 60 }),
  ];
  for (const body of bodies) {
    assert.equal((await test.push(body)).status, 200, String(body));
  }
  assert.deepEqual(await readCounts(test), { malformed: bodies.length });

  for (
    const [body, kind] of [
      ["x".repeat(20_000), "too_large"],
      ["x".repeat(200_000), "too_large"],
      [JSON.stringify({ ...event, owner_id: 42 }), "unknown_owner"],
      [JSON.stringify(event), "stored"],
      [
        JSON.stringify({ ...event, updates: { title: "\u0000\ud800" } }),
        "stored",
      ],
      [JSON.stringify(event).replace("{}", deep), "stored"],
      [JSON.stringify(event).replace("{}", deep), "duplicate"],
      [
        JSON.stringify({
          ...event,
          subscription_id: `${event.subscription_id}`,
        }),
        "duplicate",
      ],
    ] as const
  ) {
    const before = (await readCounts(test))[kind] ?? 0;
    const response = await test.push(body);
    await response.body?.cancel();
    assert.equal(response.status, 200, kind);
    assert.equal((await readCounts(test))[kind], before + 1, kind);
  }
  await test.idle();
});

Deno.test("POST /strava/webhook/{secret}: compares the updates to find duplicates", async () => {
  await using test = await createWebhookApp();
  const event = createEvent(test, { object_id: 1 });
  const updates = [
    { title: "a", type: "Run" },
    { type: "Run", title: "a" },
    { title: "b" },
    {},
    null,
  ];

  for (const each of updates) {
    await test.push(JSON.stringify({ ...event, updates: each }));
  }
  await test.idle();

  assert.deepEqual(await readCounts(test), { duplicate: 2, stored: 3 });
});

Deno.test("POST /strava/webhook/{secret}: checks the signature if a secret is set", async () => {
  const secret = "signing-secret";
  await using test = await createWebhookApp({
    env: { STRAVA_WEBHOOK_SIGNING_SECRET: secret },
    strava: { signingSecret: secret },
  });
  const body = JSON.stringify(createEvent(test, { object_id: 1 }));
  const seconds = NOW / 1000;
  const sign = (at: number, text = body, key = secret): string =>
    `t=${at},v1=${
      createHmac("sha256", key).update(`${at}.${text}`).digest("hex")
    }`;

  const bad = [
    undefined,
    "",
    "t=1,v1=ab",
    sign(seconds - 301),
    sign(seconds + 301),
    sign(seconds, `${body} `),
    sign(seconds, body, "other"),
    sign(seconds).replace(/t=\d+/, `t=${seconds + 1}`),
  ];
  for (const header of bad) {
    const headers = header === undefined
      ? []
      : [["x-strava-signature", header]];
    const response = await test.push(body, headers as [string, string][]);
    assert.equal(response.status, 200);
  }
  assert.deepEqual(await readCounts(test), { bad_signature: bad.length });

  for (const at of [seconds - 300, seconds + 300]) {
    await test.push(body, { "x-strava-signature": sign(at) });
  }
  test.strava.athletes.get(700_001)!.add({ name: "Signed" });
  await test.deliver();

  assert.deepEqual(await readCounts(test), {
    bad_signature: bad.length,
    duplicate: 1,
    stored: 2,
  });
});

Deno.test("POST /strava/webhook/{secret}: ignores a signature without a secret", async () => {
  await using test = await createWebhookApp();
  const body = JSON.stringify(createEvent(test, { object_id: 1 }));

  await test.push(body, { "x-strava-signature": "t=1,v1=00" });
  await test.idle();

  assert.deepEqual(await readCounts(test), { stored: 1 });
});

Deno.test("POST /strava/webhook/{secret}: answers 200 only after storing the event", async () => {
  await using test = await createWebhookApp();
  const body = JSON.stringify(createEvent(test, { object_id: 1 }));
  await test.deps.sql`alter table webhook_events rename to away`;

  const response = await test.push(body);
  await test.deps.sql`alter table away rename to webhook_events`;
  const again = await test.push(body);
  await test.idle();

  assert.equal(response.status, 500);
  assert.equal(again.status, 200);
  assert.equal((await listEvents(test)).length, 1);
});

Deno.test("POST /strava/webhook/{secret}: stores a burst of events in few statements", async () => {
  await using test = await createWebhookApp();
  // Without background work the rows keep the transaction id of the statement that stored them.
  test.deps.background.run = async () => {};

  const responses = await Promise.all(
    Array.from(
      { length: 100 },
      (_, index) =>
        test.push(JSON.stringify(createEvent(test, { object_id: index + 1 }))),
    ),
  );

  assert.ok(responses.every(({ status }) => status === 200));
  assert.deepEqual(await readCounts(test), { stored: 100 });
  const [row] = await test.deps.sql<{ statements: number }[]>`
    select count(distinct xmin::text) as statements from webhook_events
  `;
  assert.ok(row!.statements < 20, `${row!.statements} statements`);
});

Deno.test("/strava/webhook: writes no secret and no token to the log", async () => {
  await using test = await createWebhookApp();
  const athlete = test.strava.athletes.get(700_001)!;
  const added = athlete.add({ name: "New" });
  await test.deliver();
  athlete.remove(added.id);
  await test.deliver();
  await test.push("{");
  await test.get(`${test.path}?${QUERY}other`);
  await test.get(`/strava/webhook/guess`);

  const text = test.log.text();
  const secret = new URL(getCallbackUrl(test.config)!).pathname.split("/").at(
    -1,
  )!;
  assert.match(text, /\/strava\/webhook\/\*\*\*/);
  for (
    const hidden of [
      secret,
      VERIFY_TOKEN,
      API_KEY,
      test.strava.clientSecret,
      await getAccessToken(test.deps, { athleteId: 700_001 }),
    ]
  ) {
    assert.ok(!text.includes(hidden), "The log contains a secret");
  }
});

Deno.test("GET /strava/admin/status: shows the subscription and counts of events", async () => {
  await using test = await createWebhookApp();
  const event = createEvent(test, { object_id: 1, aspect_type: "create" });
  await test.push(JSON.stringify(event));
  await test.push("{");
  await test.push(JSON.stringify({ ...event, owner_id: 42 }));
  await test.idle();

  const response = await test.get("/strava/admin/status", { key: true });
  const { webhooks } = await response.json();

  const at = new Date(NOW).toJSON().replace(".000Z", "Z");
  assert.equal(response.status, 200);
  assert.deepEqual(webhooks, {
    enabled: true,
    subscription_id: test.strava.push.subscription?.id,
    checked_at: at,
    last_event_at: at,
    waiting: 1,
    dropped: [
      { reason: "malformed", count: 1, last_at: at },
      { reason: "unknown_owner", count: 1, last_at: at },
    ],
  });
});
