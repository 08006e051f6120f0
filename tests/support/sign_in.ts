import assert from "node:assert/strict";
import { generateAthlete } from "../../demo/history/history.ts";
import { StravaClient } from "../../server/strava/client.ts";
import { ATHLETE_ID, type TestApp } from "./app.ts";

/** The second athlete. */
export const OTHER_ID = 700_002;
const SERVER = "http://localhost:5001";
/** The requested scopes. */
export const SCOPES = [
  "read",
  "activity:read",
  "activity:read_all",
  "profile:read_all",
];

/** The athlete's choice on the consent page. */
export interface Choice {
  athleteId?: number;
  scopes?: readonly string[];
  deny?: boolean;
}

/** A browser that keeps cookies and does not follow redirects. */
export interface Browser {
  /** By name, without deleted cookies. */
  cookies: Map<string, string>;
  open(path: string | URL): Promise<Response>;
  /** Starts a sign-in, consents at Strava, and returns the address of the callback. */
  signIn(choice?: Choice): Promise<URL>;
}

/** Opens a browser. */
export function openBrowser(test: TestApp): Browser {
  const cookies = new Map<string, string>();
  async function open(path: string | URL): Promise<Response> {
    const cookie = [...cookies].map((pair) => pair.join("=")).join("; ");
    const headers = cookie === "" ? [] : [["cookie", cookie]];
    const response = await test.app(
      new Request(new URL(path, SERVER), { headers: headers as HeadersInit }),
    );
    for (const line of response.headers.getSetCookie()) {
      const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
      if (/; Max-Age=0/.test(line)) cookies.delete(name!);
      else cookies.set(name!, value!);
    }
    return response;
  }
  async function signIn(choice: Choice = {}): Promise<URL> {
    const response = await open("/strava/authorize");
    return await consent(new URL(response.headers.get("location")!), choice);
  }
  return { cookies, open, signIn };
}

/** Submits the form of Strava's consent page and returns the address of the redirect. */
export async function consent(
  page: URL,
  { athleteId = ATHLETE_ID, scopes = SCOPES, deny = false }: Choice,
): Promise<URL> {
  const form = new URLSearchParams({
    athlete_id: String(athleteId),
    decision: deny ? "cancel" : "authorize",
    scopes: scopes.join(","),
  });
  const response = await fetch(page, {
    method: "POST",
    body: form,
    redirect: "manual",
  });
  await response.body?.cancel();
  return new URL(response.headers.get("location")!);
}

/** Returns `success` or the reason of the error. Asserts that the redirect leads to the frontend. */
export function readResult(response: Response): string {
  assert.equal(response.status, 303);
  const location = response.headers.get("location")!;
  assert.ok(location.startsWith("http://frontend.test/?strava="), location);
  const { searchParams } = new URL(location);
  const strava = searchParams.get("strava");
  const reason = searchParams.get("reason");
  assert.equal(searchParams.size, reason === null ? 1 : 2);
  assert.equal(strava, reason === null ? "success" : "error");
  return reason ?? "success";
}

/** Signs in, opens the callback and returns its result. */
export async function connect(
  test: TestApp,
  choice: Choice = {},
): Promise<string> {
  const browser = openBrowser(test);
  return readResult(await browser.open(await browser.signIn(choice)));
}

/** Counts the rows of the tables that a connection writes. */
export async function countRows(
  { deps }: TestApp,
): Promise<Record<string, number>> {
  const [row] = await deps.sql`
    select
      (select count(*) from athletes) as athletes,
      (select count(*) from grants) as grants,
      (select count(*) from sync_state) as states,
      (select count(*) from sync_runs) as runs,
      (select count(*) from activities) as activities
  `;
  return { ...row };
}

/** Row counts before any connection. */
export const NOTHING = {
  athletes: 0,
  grants: 0,
  states: 0,
  runs: 0,
  activities: 0,
};

/** Adds a second athlete to the simulator. */
export function addOther({ strava }: TestApp): void {
  strava.addAthlete(generateAthlete({ seed: 2, athleteId: OTHER_ID }));
}

/** Replaces the client by one with another time limit. */
export function setTimeoutMs(
  { deps, config }: TestApp,
  timeoutMs: number,
): void {
  deps.strava = new StravaClient({ ...config.strava, timeoutMs });
}

/** Refreshes the data and returns the status. */
export async function refresh(test: TestApp): Promise<number> {
  const response = await test.post("/strava/refresh-data", { key: true });
  await response.body?.cancel();
  return response.status;
}
