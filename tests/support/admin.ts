import assert from "node:assert/strict";
import type { TestApp } from "./app.ts";
import { LIST } from "./sync.ts";

export const REVOKE = "/oauth/revoke";
export const REFRESH = "/strava/refresh-data";
export const STATUS = "/strava/admin/status";
export const DISCONNECT = "/strava/admin/disconnect";

// deno-lint-ignore no-explicit-any -- the body of any response
type Body = any;

/** Sends a POST with INTERNAL_API_KEY and an optional JSON body. */
export async function post(
  test: TestApp,
  path: string,
  input?: unknown,
): Promise<{ status: number; body: Body }> {
  const response = await test.post(path, {
    key: true,
    ...(input === undefined ? {} : {
      body: JSON.stringify(input),
      headers: { "content-type": "application/json" },
    }),
  });
  return { status: response.status, body: await response.json() };
}

/** Returns the status of the instance. */
export async function getStatus(test: TestApp): Promise<Body> {
  const response = await test.get(STATUS, { key: true });
  assert.equal(response.status, 200);
  return await response.json();
}

/** Counts the requests to a path of the simulated Strava. */
export function countRequests({ strava }: TestApp, path: string): number {
  return strava.requests.filter((request) => request.path === path).length;
}

/** Makes Strava's activity list hang; resolves when the list is requested. */
export function hangList({ strava }: TestApp): Promise<void> {
  const requested = Promise.withResolvers<void>();
  strava.faults.inject({ kind: "hang" }, {
    path: LIST,
    when: () => {
      requested.resolve();
      return true;
    },
  });
  return requested.promise;
}
