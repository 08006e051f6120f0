import assert from "node:assert/strict";
import { createActivity } from "../../strava_simulator/fixtures.ts";
import type { SummaryActivity } from "../../strava_simulator/types.ts";
import { tcx, trackpoint } from "../server/recordings/xml_file.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "./app.ts";
import { createFolder, importPaths } from "./files.ts";
import { connectWithoutSync, sync } from "./sync.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Id of the ride that {@link createRide} creates. */
export const RIDE_ID = 5_000_001;

/** Creates a ride at Strava. {@link RIDE_FILE} is a recording of it. */
export function createRide(
  activity: Partial<SummaryActivity> = {},
): SummaryActivity {
  return createActivity({
    id: RIDE_ID,
    name: "Ride at Strava",
    sport_type: "Ride",
    start_date: "2024-05-04T08:00:05Z",
    distance: 1790,
    moving_time: 580,
    elapsed_time: 600,
    ...activity,
  }, ATHLETE_ID);
}

/** A file of the ride, with a heart rate that Strava does not have. */
export const RIDE_FILE: string = createRideFile({ distance: 1812 });

/** Returns a file of the ride, with another distance. */
export function createRideFile({ distance }: { distance: number }): string {
  return tcx([{
    seconds: 590,
    distance,
    heartRate: [140, 160],
    points: [trackpoint(0), trackpoint(590)],
  }]);
}

/** Creates a server whose athlete is connected to a Strava with these activities, without a sync. */
export async function createEditable(
  activities: readonly SummaryActivity[] = [createRide()],
): Promise<TestApp> {
  const test = await createTestApp({ activities });
  // Imports take the time of the machine. A sync that starts later could delete what they stored.
  test.clock.now = Date.now() + DAY_MS;
  await connectWithoutSync(test);
  return test;
}

/** Runs a sync that is a full one, since a day has passed. */
export async function syncFully(test: TestApp): Promise<void> {
  const { status } = await sync(test);
  assert.equal(status, "success");
  test.clock.now += DAY_MS;
}

/** Imports a file. Throws if it is refused. */
export async function importFile(
  test: TestApp,
  content: string,
  args: readonly string[] = [],
): Promise<string> {
  await using folder = await createFolder();
  const path = await folder.write("ride.tcx", content);
  const { code, said, printed } = await importPaths(test, path, args);
  assert.equal(code, 0, said);
  return said + printed;
}

/** Reads an activity as its owner. */
export async function readActivity(
  { get }: TestApp,
  id: number,
  // deno-lint-ignore no-explicit-any -- tests look into all parts of the answer
): Promise<any> {
  const response = await get(`/strava/activities/${id}`, { key: true });
  return response.status === 404
    ? await response.body?.cancel()
    : await response.json();
}

/** Reads the ids of activities, the newest first. */
export async function listIds(
  { get }: TestApp,
  query = "",
): Promise<number[]> {
  const response = await get(`/strava/activities${query}`, { key: true });
  const { data, reason } = await response.json();
  if (reason === "not_synced") return [];
  return data.map(({ id }: { id: number }) => id);
}

/** Posts JSON as the holder of the instance's key. Returns the status and the answer. */
export async function postJson(
  { post }: TestApp,
  path: string,
  body: object,
  // deno-lint-ignore no-explicit-any -- tests look into all parts of the answer
): Promise<{ status: number; answer: any }> {
  const response = await post(`/strava/activities/${path}`, {
    key: true,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

/** Posts JSON that must be accepted. Returns the answer. */
export async function change(
  test: TestApp,
  path: string,
  body: object,
  // deno-lint-ignore no-explicit-any -- tests look into all parts of the answer
): Promise<any> {
  const { status, answer } = await postJson(test, path, body);
  assert.equal(status, 200, JSON.stringify(answer));
  return answer;
}
