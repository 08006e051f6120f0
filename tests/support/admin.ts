import assert from "node:assert/strict";
import type { TestApp } from "./app.ts";
import { LIST } from "./sync.ts";

export const REVOKE = "/oauth/revoke";
export const REFRESH = "/strava/refresh-data";
export const STATUS = "/strava/admin/status";
export const DISCONNECT = "/strava/admin/disconnect";

// deno-lint-ignore no-explicit-any -- the body of an answer
type Body = any;

/** A POST with the key and, where given, a JSON body. */
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

/** The status of the instance, as its owner sees it. */
export async function getStatus(test: TestApp): Promise<Body> {
  const response = await test.get(STATUS, { key: true });
  assert.equal(response.status, 200);
  return await response.json();
}

/** How many requests came to a path of Strava's. */
export function countRequests({ strava }: TestApp, path: string): number {
  return strava.requests.filter((request) => request.path === path).length;
}

/** Lets the list hang, and says when a request for it has come. */
export function hangList({ strava }: TestApp): Promise<void> {
  const asked = Promise.withResolvers<void>();
  strava.faults.inject({ kind: "hang" }, {
    path: LIST,
    when: () => {
      asked.resolve();
      return true;
    },
  });
  return asked.promise;
}
