import assert from "node:assert/strict";
import { parseCoerced } from "../../../server/strava/coerce.ts";
import {
  Profile,
  SummaryActivity,
  TokenRefresh,
} from "../../../server/strava/schemas.ts";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import { ATHLETE_ID } from "../../support/app.ts";
import {
  createEvent,
  createWebhookApp,
  listEvents,
  readName,
} from "../../support/webhook.ts";

Deno.test("parseCoerced: reads the expiry of tokens as text", () => {
  const tokens = { access_token: "a", refresh_token: "r" };
  assert.deepEqual(
    parseCoerced(TokenRefresh, { ...tokens, expires_at: "1800000000" }),
    { ...tokens, expires_at: 1_800_000_000 },
  );
  for (const expires_at of ["soon", "", "0", true, [1]]) {
    assert.throws(() => parseCoerced(TokenRefresh, { ...tokens, expires_at }));
  }
});

Deno.test("parseCoerced: converts fields within lists and keeps the value", () => {
  const profile = { id: "5", bikes: [{ id: "b1", retired: "false" }] };
  assert.deepEqual(parseCoerced(Profile, profile), {
    id: 5,
    bikes: [{ id: "b1", retired: false }],
  });
  assert.deepEqual(profile, {
    id: "5",
    bikes: [{ id: "b1", retired: "false" }],
  });
});

Deno.test("parseCoerced: refuses a value that is not an object", () => {
  for (const value of [null, "5", 5, true, undefined, []]) {
    assert.throws(() => parseCoerced(SummaryActivity, value));
  }
});

Deno.test("processEvents: stores an activity whose ids and numbers are text", async () => {
  await using test = await createWebhookApp();
  const activity = createActivity({ id: 77, name: "As text" }, ATHLETE_ID);
  test.strava.athletes.get(ATHLETE_ID)!.add(activity);
  test.strava.faults.inject({
    kind: "status",
    status: 200,
    body: {
      json: {
        ...activity,
        id: "77",
        athlete: { id: String(ATHLETE_ID) },
        distance: String(activity.distance),
      },
    },
  }, { path: "/api/v3/activities/77" });

  const event = createEvent(test, { object_id: 77, aspect_type: "create" });
  await test.push(JSON.stringify(event));
  await test.idle();

  assert.deepEqual((await listEvents(test)).map(({ outcome }) => outcome), [
    "stored",
  ]);
  assert.equal(await readName(test, 77), "As text");
});
