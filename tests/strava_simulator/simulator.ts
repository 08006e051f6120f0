import assert from "node:assert/strict";
import {
  createStrava,
  type Strava,
  type StravaOptions,
} from "../../strava_simulator/simulator.ts";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import type { SimulatedAthlete } from "../../strava_simulator/athletes.ts";

/** The start of a quarter hour, so that tests enter the next window only on purpose. */
export const START = Date.UTC(2026, 10, 20, 12);

export const ATHLETE_ID = 700_001;

/** Everything but writing. */
export const SCOPES = [
  "read",
  "activity:read",
  "activity:read_all",
  "profile:read_all",
];

export interface Rig {
  strava: Strava;
  athlete: SimulatedAthlete;
  clock: { now: number };
  /** Calls the API on behalf of the athlete. */
  get(path: string, token?: string): Promise<Response>;
  token: string;
}

/** A simulator with its own clock and one connected athlete. */
export function createRig(
  activities: readonly SummaryActivity[] = [],
  options: StravaOptions & { scopes?: readonly string[] } = {},
): Rig {
  const clock = { now: START };
  const strava = createStrava({ now: () => clock.now, ...options });
  const athlete = strava.addAthlete({ id: ATHLETE_ID, ftp: 250 }, activities);
  const { token } =
    strava.grants.issue(ATHLETE_ID, options.scopes ?? SCOPES).access;
  return {
    strava,
    athlete,
    clock,
    token,
    get: (path, bearer = token) =>
      strava.fetch(
        new Request(`http://strava.test/api/v3${path}`, {
          headers: { Authorization: `Bearer ${bearer}` },
        }),
      ),
  };
}

/** Posts form fields to the simulator. */
export function post(
  strava: Strava,
  path: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
): Promise<Response> {
  const body = new URLSearchParams(fields);
  const request = new Request(`http://strava.test${path}`, {
    method: "POST",
    body,
    headers,
  });
  return strava.fetch(request);
}

/** Asserts status and body of an error. */
export async function assertFault(
  response: Response,
  status: number,
  message: string,
  ...error: [] | [resource: string, field: string, code: string]
): Promise<void> {
  assert.equal(response.status, status);
  const [resource, field, code] = error;
  const errors = error.length === 0 ? [] : [{ resource, field, code }];
  assert.deepEqual(await response.json(), { message, errors });
}
