import assert from "node:assert/strict";
import {
  fileId,
  fitFile,
  fitTime,
  message,
  record,
} from "../server/recordings/fit_file.ts";
import type { TestApp } from "./app.ts";
import { createFolder, importPaths } from "./files.ts";

/** Values in a FIT file as the device writes them: kilograms, beats per minute and watts. */
export interface FitProfile {
  weight?: number;
  restingHeartRate?: number;
  ftp?: number;
}

/** Returns a FIT file of a run that starts at this time, with the athlete's profile. */
export function createFitWithProfile(
  start: string,
  { weight = 6553.5, restingHeartRate = 255, ftp = 65535 }: FitProfile,
): Uint8Array {
  const time = fitTime(start);
  return fitFile([
    fileId(),
    message(3, [
      [4, "uint16", Math.round(weight * 10)],
      [8, "uint8", restingHeartRate],
    ]),
    message(7, [[3, "uint16", ftp]]),
    ...Array.from({ length: 60 }, (_, i) => record(time + i)),
  ]);
}

/** Imports FIT files in this order, one after the other. */
export async function importProfiles(
  test: TestApp,
  files: readonly (readonly [start: string, profile: FitProfile])[],
): Promise<void> {
  await using folder = await createFolder();
  for (const [start, profile] of files) {
    const content = createFitWithProfile(start, profile);
    const path = await folder.write("run.fit", content);
    const { code, said } = await importPaths(test, path);
    assert.equal(code, 0, said);
  }
}

/** An athlete value as the API shows it. */
export interface ValueJson {
  kind: string;
  date: string;
  value: number | null;
  bounds: number[] | null;
  source: string;
}

/** Lists the athlete's values as its owner: kind, date, value or bounds, source. */
export async function listValues(
  { get }: TestApp,
  path = "",
): Promise<unknown[][]> {
  const response = await get(`/api/athlete-values${path}`, { key: true });
  const body = await response.json();
  assert.equal(response.status, 200, JSON.stringify(body));
  return body.data.map((each: ValueJson) => [
    each.kind,
    each.date,
    each.value ?? each.bounds,
    each.source,
  ]);
}

/** Sends a change of an athlete value as the holder of the instance's key. */
export async function postValue(
  { post }: TestApp,
  path: "set" | "delete",
  body: object,
  // deno-lint-ignore no-explicit-any -- tests look into all parts of the answer
): Promise<{ status: number; answer: any }> {
  const response = await post(`/api/athlete-values/${path}`, {
    key: true,
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: await response.json() };
}

/** Sets a value that must be accepted. */
export async function setValue(test: TestApp, body: object): Promise<void> {
  const { status, answer } = await postValue(test, "set", body);
  assert.equal(status, 200, JSON.stringify(answer));
}
