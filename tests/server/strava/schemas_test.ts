import assert from "node:assert/strict";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import {
  ActivityList,
  SummaryActivity,
  TokenExchange,
  TokenRefresh,
} from "../../../server/strava/schemas.ts";
import { createHistory } from "../../support/app.ts";

Deno.test("SummaryActivity: accepts a whole history of the simulator", () => {
  for (const activity of createHistory(1500, 3)) {
    const parsed = SummaryActivity.parse(activity);
    const { start_date, start_date_local, distance } = activity;
    assert.equal(parsed.start_date, start_date);
    assert.equal(parsed.start_date_local, start_date_local);
    assert.equal(parsed.distance, distance);
  }
});

Deno.test("SummaryActivity: requires only an id and two times", () => {
  const item = {
    id: Number.MAX_SAFE_INTEGER,
    start_date: "2021-02-02T22:51:50Z",
    start_date_local: "2021-02-02T17:51:50Z",
  };
  assert.deepEqual(SummaryActivity.parse(item), item);
  for (const field of Object.keys(item)) {
    const { success } = SummaryActivity.safeParse({ ...item, [field]: null });
    assert.equal(success, false, field);
  }
});

Deno.test("ActivityList: accepts any array without parsing its items", () => {
  assert.deepEqual(ActivityList.parse([null, 1, {}]), [null, 1, {}]);
  for (const other of [{}, null, "[]", { message: "error", errors: [] }]) {
    assert.equal(ActivityList.safeParse(other).success, false);
  }
});

Deno.test("TokenExchange, TokenRefresh: require the athlete only in an exchange", () => {
  const tokens = {
    access_token: "a",
    refresh_token: "r",
    expires_at: 1_800_000_000,
  };
  assert.equal(TokenRefresh.safeParse(tokens).success, true);
  assert.equal(TokenExchange.safeParse(tokens).success, false);
  const athlete = createActivity({ id: 1 }, 5).athlete;
  const exchange = TokenExchange.parse({ ...tokens, scope: null, athlete });
  assert.deepEqual(exchange.athlete, athlete);
  for (
    const broken of [
      { access_token: "" },
      { refresh_token: null },
      { expires_at: "soon" },
      { expires_at: 0 },
    ]
  ) {
    assert.equal(
      TokenRefresh.safeParse({ ...tokens, ...broken }).success,
      false,
    );
  }
});
