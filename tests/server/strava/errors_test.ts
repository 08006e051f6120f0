import assert from "node:assert/strict";
import {
  describeFault,
  resolveErrorKind,
  type StravaErrorKind,
} from "../../../server/strava/errors.ts";

/** Returns an error body of Strava. */
function createFault(resource: string, field: string, code: string): unknown {
  return { message: "Fault", errors: [{ resource, field, code }] };
}

const FAULTS: [status: number, body: unknown, kind: StravaErrorKind][] = [
  [
    400,
    createFault("RefreshToken", "refresh_token", "invalid"),
    "unauthorized",
  ],
  [400, createFault("RequestToken", "code", "invalid"), "refused"],
  [400, createFault("AuthorizationCode", "code", "invalid"), "refused"],
  [400, createFault("Application", "client_id", "invalid"), "refused"],
  [401, createFault("Application", "client_secret", "invalid"), "refused"],
  [401, createFault("Athlete", "access_token", "invalid"), "unauthorized"],
  [401, createFault("Application", "", "invalid"), "unauthorized"],
  [
    401,
    createFault("AccessToken", "activity:read_permission", "missing"),
    "scope_missing",
  ],
  [401, undefined, "unauthorized"],
  [403, createFault("Application", "Status", "Inactive"), "app_inactive"],
  [403, "Limit of connected athletes exceeded", "athlete_limit"],
  [403, { message: "Limit of connected athletes exceeded" }, "athlete_limit"],
  [403, undefined, "refused"],
  [404, createFault("Activity", "", "not found"), "not_found"],
  [404, undefined, "not_found"],
  [418, null, "refused"],
  [
    429,
    createFault("Application", "overall rate limit", "exceeded"),
    "rate_limited",
  ],
  [429, { errors: "Rate Limit Exceeded", status: 429 }, "rate_limited"],
  [500, { message: "error", errors: [] }, "unavailable"],
  [503, undefined, "unavailable"],
];

for (const [status, body, kind] of FAULTS) {
  const fault = describeFault(body) || JSON.stringify(body);
  Deno.test(`resolveErrorKind: returns "${kind}" for ${status} ${fault}`, () => {
    assert.equal(resolveErrorKind(status, body), kind);
  });
}

Deno.test("describeFault: lists each error, or returns an empty text", () => {
  assert.equal(
    describeFault(createFault("Application", "client_id", "invalid")),
    "Application/client_id/invalid",
  );
  const odd = { errors: [null, "text", 7, {}, { code: 5 }] };
  assert.equal(describeFault(odd), "//, //5");
  for (const body of [undefined, null, "text", [], {}, { errors: "text" }]) {
    assert.equal(describeFault(body), "");
  }
});
