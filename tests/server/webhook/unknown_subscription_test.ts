import assert from "node:assert/strict";
import { getCallbackUrl } from "../../../server/webhook/address.ts";
import { processEvents } from "../../../server/webhook/process_events.ts";
import { maintainSubscription } from "../../../server/webhook/subscription.ts";
import { ATHLETE_ID } from "../../support/app.ts";
import {
  createSpacedRuns,
  readStoredIds,
  readStravaIds,
  sync,
} from "../../support/sync.ts";
import {
  createEvent,
  createWebhookApp,
  listDetailPaths,
  listEvents,
  readCounts,
  readName,
} from "../../support/webhook.ts";

const MINUTE_MS = 60_000;

Deno.test("dropUnknownSubscription: drops events after one request to Strava", async () => {
  await using test = await createWebhookApp();
  test.clock.now += 5 * MINUTE_MS;
  const createUnknown = (id: number): string =>
    JSON.stringify(createEvent(test, { object_id: id, subscription_id: 1 }));
  const countRequests = (): number =>
    test.strava.requests.filter(({ path }) =>
      path === "/api/v3/push_subscriptions"
    ).length;

  await test.push(createUnknown(1));
  await test.idle();
  await test.push(createUnknown(2));
  await test.push(createUnknown(3));
  await test.idle();

  assert.equal(countRequests(), 1);
  assert.deepEqual(listDetailPaths(test), []);
  assert.deepEqual(await readCounts(test), {
    stored: 3,
    unknown_subscription: 3,
  });
});

Deno.test("dropUnknownSubscription: accepts a subscription that was replaced at Strava", async () => {
  await using test = await createWebhookApp();
  test.clock.now += 5 * MINUTE_MS;
  const { push } = test.strava;
  push.subscription = { ...push.subscription!, id: 777 };
  assert.equal(push.subscription.callback_url, getCallbackUrl(test.config));
  const added = test.strava.athletes.get(ATHLETE_ID)!.add({ name: "New" });

  await test.deliver();

  assert.deepEqual(await readStoredIds(test.deps.sql), [added.id]);
});

Deno.test("dropUnknownSubscription: keeps an event that was tried before the replacement", async () => {
  await using test = await createWebhookApp({
    activities: createSpacedRuns(1),
  });
  const { strava, clock, deps } = test;
  await sync(test);
  const [id] = readStravaIds(strava);
  strava.faults.inject({ kind: "status", status: 500 }, {
    path: `/api/v3/activities/${id}`,
    times: 3,
  });
  test.strava.athletes.get(ATHLETE_ID)!.update(id!, { name: "Renamed" });
  await test.deliver();
  assert.deepEqual((await listEvents(test)).map((each) => each.attempts), [1]);

  strava.push.subscription = null;
  await maintainSubscription(deps, { force: true });
  clock.now += MINUTE_MS;
  await maintainSubscription(deps, { force: true });
  await processEvents(deps);

  assert.equal((await listEvents(test))[0]?.outcome, "stored");
  assert.equal(await readName(test, id!), "Renamed");
});
