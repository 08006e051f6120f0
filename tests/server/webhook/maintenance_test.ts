import assert from "node:assert/strict";
import { maintainWebhooks } from "../../../server/webhook/maintenance.ts";
import { ATHLETE_ID } from "../../support/app.ts";
import { listPages } from "../../support/sync.ts";
import { createWebhookApp, listEvents } from "../../support/webhook.ts";

const WEEK_MS = 7 * 24 * 60 * 60_000;

Deno.test("maintainWebhooks: deletes processed events after a week", async () => {
  await using test = await createWebhookApp();
  test.strava.athletes.get(ATHLETE_ID)!.add({ name: "New" });
  await test.deliver();
  await test.deps
    .sql`update webhook_subscriptions set next_check_at = '2100-01-01'`;

  test.clock.now += WEEK_MS;
  await maintainWebhooks(test.deps);
  assert.equal((await listEvents(test)).length, 1);
  test.clock.now += 1;
  await maintainWebhooks(test.deps);

  assert.equal((await listEvents(test)).length, 0);
  assert.equal(listPages(test.strava).length, 0);
});
