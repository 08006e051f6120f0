import assert from "node:assert/strict";
import { getCallbackUrl } from "../../../server/webhook/address.ts";
import { maintainSubscription } from "../../../server/webhook/subscription.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import { openSecondProcess } from "../../support/sync.ts";
import { createWebhookApp, VERIFY_TOKEN } from "../../support/webhook.ts";

const HOUR_MS = 60 * 60 * 1000;

async function readKnown(
  { deps }: TestApp,
): Promise<Record<string, unknown> | undefined> {
  const [row] = await deps.sql`
    select id, checked_at, next_check_at, leased_until from webhook_subscriptions
  `;
  return row && { ...row };
}

function countRequests({ strava }: TestApp, method: string): number {
  return strava.requests.filter((request) =>
    request.method === method &&
    request.path.startsWith("/api/v3/push_subscriptions")
  ).length;
}

Deno.test("maintainSubscription: subscribes at the start and answers the challenge", async () => {
  await using test = await createWebhookApp({ subscribed: false });

  await maintainSubscription(test.deps, { force: true });

  const { subscription } = test.strava.push;
  assert.equal(subscription?.callback_url, getCallbackUrl(test.config));
  const known = await readKnown(test);
  assert.equal(known?.["id"], subscription?.id);
  assert.equal(known?.["leased_until"], null);
});

Deno.test("maintainSubscription: subscribes once if several processes start together", async () => {
  await using test = await createWebhookApp({ subscribed: false });
  await using other = openSecondProcess(test);

  await Promise.all(
    [test.deps, other.deps, test.deps, other.deps].map((deps) =>
      maintainSubscription(deps, { force: true })
    ),
  );

  assert.equal(countRequests(test, "POST"), 1);
  assert.ok(test.strava.push.subscription);
  assert.ok(!test.log.lines.some(({ level }) => level === "warning"));
});

Deno.test("maintainSubscription: checks every hour and recreates a lost subscription", async () => {
  await using test = await createWebhookApp();
  test.clock.now += HOUR_MS - 1;
  await maintainSubscription(test.deps);
  assert.equal(countRequests(test, "GET"), 0);

  test.clock.now += 1;
  await maintainSubscription(test.deps);
  assert.deepEqual([countRequests(test, "GET"), countRequests(test, "POST")], [
    1,
    0,
  ]);
  test.strava.push.subscription = null;
  test.clock.now += HOUR_MS;
  await maintainSubscription(test.deps);

  assert.ok(test.strava.push.subscription);
  assert.equal(
    (await readKnown(test))?.["id"],
    (test.strava.push.subscription as { id: number }).id,
  );
});

Deno.test("maintainSubscription: replaces a subscription with another address", async () => {
  await using test = await createWebhookApp();
  const { push } = test.strava;
  push.subscription = {
    ...push.subscription!,
    id: 5,
    callback_url: "https://old.example.com/hook",
  };
  test.clock.now += HOUR_MS;

  await maintainSubscription(test.deps);

  assert.equal(push.subscription.callback_url, getCallbackUrl(test.config));
  assert.equal(countRequests(test, "DELETE"), 1);
  assert.match(test.log.text(), /was \{done\}/);
});

Deno.test("maintainSubscription: warns and retries after 5 minutes if unreachable", async () => {
  const blocked = await createWebhookApp({
    subscribed: false,
    strava: {
      fetch: () => Promise.resolve(new Response("login", { status: 302 })),
    },
  });
  await using _ = blocked;

  await maintainSubscription(blocked.deps, { force: true });
  blocked.clock.now += 5 * 60_000 - 1;
  await maintainSubscription(blocked.deps);
  assert.equal(countRequests(blocked, "POST"), 1);
  blocked.clock.now += 1;
  await maintainSubscription(blocked.deps);

  assert.equal(countRequests(blocked, "POST"), 2);
  assert.equal(blocked.strava.push.subscription, null);
  const warnings = blocked.log.lines.filter(({ level }) => level === "warning");
  assert.equal(warnings.length, 2);
  assert.match(
    String(warnings[0]?.properties["reason"]),
    /callback url.*does not return 200/,
  );
});

Deno.test("maintainSubscription: takes over from a dead process after two minutes", async () => {
  await using test = await createWebhookApp({ subscribed: false });
  const leasedUntil = new Date(test.clock.now + 120_000);
  await test.deps.sql`
    insert into webhook_subscriptions (client_id, next_check_at, leased_until)
    values ('12345', ${new Date(test.clock.now)}, ${leasedUntil})
  `;

  await maintainSubscription(test.deps, { force: true });
  assert.equal(test.strava.push.subscription, null);
  test.clock.now += 120_000;
  await maintainSubscription(test.deps);

  assert.ok(test.strava.push.subscription);
});

Deno.test("maintainSubscription: logs no secret if the connection fails", async () => {
  await using test = await createWebhookApp({ subscribed: false });
  test.strava.faults.inject({ kind: "reset" });

  await maintainSubscription(test.deps, { force: true });

  assert.match(test.log.text(), /no complete response/);
  assert.ok(!test.log.text().includes(test.strava.clientSecret));
  assert.ok(!test.log.text().includes(VERIFY_TOKEN));
});

Deno.test("maintainSubscription: sends no request with webhooks off", async () => {
  await using test = await createTestApp();

  await maintainSubscription(test.deps, { force: true });

  assert.equal(test.strava.requests.length, 0);
});
