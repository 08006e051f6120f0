import assert from "node:assert/strict";
import {
  describeFault,
  readFault,
  type StravaErrorKind,
} from "../../../server/strava/errors.ts";

function fault(resource: string, field: string, code: string): unknown {
  return { message: "Fault", errors: [{ resource, field, code }] };
}

const FAULTS: [status: number, body: unknown, kind: StravaErrorKind][] = [
  [400, fault("RefreshToken", "refresh_token", "invalid"), "unauthorized"],
  [400, fault("RequestToken", "code", "invalid"), "refused"],
  [400, fault("AuthorizationCode", "code", "invalid"), "refused"],
  [400, fault("Application", "client_id", "invalid"), "refused"],
  [401, fault("Application", "client_secret", "invalid"), "refused"],
  [401, fault("Athlete", "access_token", "invalid"), "unauthorized"],
  [401, fault("Application", "", "invalid"), "unauthorized"],
  [
    401,
    fault("AccessToken", "activity:read_permission", "missing"),
    "scope_missing",
  ],
  [401, undefined, "unauthorized"],
  [403, fault("Application", "Status", "Inactive"), "app_inactive"],
  [403, "Limit of connected athletes exceeded", "athlete_limit"],
  [403, { message: "Limit of connected athletes exceeded" }, "athlete_limit"],
  [403, undefined, "refused"],
  [404, fault("Activity", "", "not found"), "not_found"],
  [404, undefined, "not_found"],
  [418, null, "refused"],
  [429, fault("Application", "overall rate limit", "exceeded"), "rate_limited"],
  [429, { errors: "Rate Limit Exceeded", status: 429 }, "rate_limited"],
  [500, { message: "error", errors: [] }, "unavailable"],
  [503, undefined, "unavailable"],
];

for (const [status, body, kind] of FAULTS) {
  Deno.test(`readFault: ${status} ${describeFault(body) || JSON.stringify(body)} is "${kind}"`, () => {
    assert.equal(readFault(status, body), kind);
  });
}

Deno.test("describeFault: names each error, and nothing where there is none", () => {
  assert.equal(
    describeFault(fault("Application", "client_id", "invalid")),
    "Application/client_id/invalid",
  );
  const odd = { errors: [null, "text", 7, {}, { code: 5 }] };
  assert.equal(describeFault(odd), "//, //5");
  for (const none of [undefined, null, "text", [], {}, { errors: "text" }]) {
    assert.equal(describeFault(none), "");
  }
});
