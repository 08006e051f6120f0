import assert from "node:assert/strict";
import { generateAthlete } from "../../../demo/history/history.ts";
import { lockConnecting } from "../../../db/athletes.ts";
import type { Variable } from "../../../server/config.ts";
import { STATE_LIFETIME_MS } from "../../../server/connect/oauth_state.ts";
import { StravaClient } from "../../../server/strava/client.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { LIST, until } from "../../support/sync.ts";

const OTHER_ID = 700_002;
const SERVER = "http://localhost:5001";
const ASKED = [
  "read",
  "activity:read",
  "activity:read_all",
  "profile:read_all",
];
const TOKEN = "/oauth/token";

/** What the athlete does on the consent page. */
interface Choice {
  athleteId?: number;
  scopes?: readonly string[];
  deny?: boolean;
}

/** A browser: it keeps cookies and follows nothing by itself. */
interface Browser {
  /** By name; a cookie that ended is gone. */
  cookies: Map<string, string>;
  open(path: string | URL): Promise<Response>;
  /** From the server's sign-in over Strava's consent to the address that leads back. */
  signIn(choice?: Choice): Promise<URL>;
}

function openBrowser(test: TestApp): Browser {
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

async function consent(
  page: URL,
  { athleteId = ATHLETE_ID, scopes = ASKED, deny = false }: Choice,
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

/** Where the browser is sent: `success`, or the reason of the error; never to another host. */
function readResult(response: Response): string {
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

/** Signs in and comes back; what the frontend is told. */
async function connect(test: TestApp, choice: Choice = {}): Promise<string> {
  const browser = openBrowser(test);
  return readResult(await browser.open(await browser.signIn(choice)));
}

/** How many rows there are of what a connection stores. */
async function countRows({ deps }: TestApp): Promise<Record<string, number>> {
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

const NOTHING = { athletes: 0, grants: 0, states: 0, runs: 0, activities: 0 };

function countRequests({ strava }: TestApp, path: string): number {
  return strava.requests.filter((request) => request.path === path).length;
}

function addOther({ strava }: TestApp): void {
  strava.addAthlete(generateAthlete({ seed: 2, athleteId: OTHER_ID }));
}

function setTimeoutMs({ deps, config }: TestApp, timeoutMs: number): void {
  deps.strava = new StravaClient({ ...config.strava, timeoutMs });
}

async function refresh(test: TestApp): Promise<number> {
  const response = await test.post("/strava/refresh-data", { key: true });
  await response.body?.cancel();
  return response.status;
}

const HTTPS: Partial<Record<Variable, string>> = {
  STRAVA_REDIRECT_URI: "https://api.example.com/strava/callback",
};

Deno.test("GET /strava/authorize: 302 to Strava with exactly what is needed", async () => {
  await using test = await createTestApp();
  const response = await test.get("/strava/authorize");
  assert.equal(response.status, 302);
  const location = new URL(response.headers.get("location")!);
  assert.equal(
    location.origin + location.pathname,
    `${test.config.strava.oauthUrl}/authorize`,
  );
  const { state, ...query } = Object.fromEntries(location.searchParams);
  assert.deepEqual(query, {
    client_id: "12345",
    redirect_uri: "http://localhost:5001/strava/callback",
    response_type: "code",
    approval_prompt: "force",
    scope: "read,activity:read,activity:read_all,profile:read_all",
  });
  assert.match(state!, /^[\w-]{22}\.\d{13}\.[\w-]{43}$/);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(await response.text(), "");
});

Deno.test("GET /strava/authorize: over http the cookie is the browser's, for ten minutes", async () => {
  await using test = await createTestApp();
  const response = await test.get("/strava/authorize");
  const [cookie, ...others] = response.headers.getSetCookie();
  assert.deepEqual(others, []);
  assert.match(
    cookie!,
    /^paceline_oauth=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/,
  );
});

Deno.test("GET /strava/authorize: over https the cookie is the host's and Secure", async () => {
  await using test = await createTestApp({ env: HTTPS });
  const response = await test.get("/strava/authorize");
  const [cookie, ...others] = response.headers.getSetCookie();
  assert.deepEqual(others, []);
  assert.match(
    cookie!,
    /^__Host-paceline_oauth=[\w-]{43}; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600; Secure$/,
  );
});

Deno.test("GET /strava/authorize: each browser gets a cookie of its own, each visit a state", async () => {
  await using test = await createTestApp();
  const [one, two] = [openBrowser(test), openBrowser(test)];
  const states = new Set<string | null>();
  for (const browser of [one, two, one]) {
    const response = await browser.open("/strava/authorize");
    const location = new URL(response.headers.get("location")!);
    states.add(location.searchParams.get("state"));
  }
  assert.equal(states.size, 3);
  assert.notDeepEqual([...one.cookies], [...two.cookies]);
});

Deno.test("GET /strava/authorize: a cookie that is none of ours is replaced", async () => {
  await using test = await createTestApp();
  for (const value of ["", "short", "x".repeat(44), `${"x".repeat(42)}!`]) {
    const browser = openBrowser(test);
    browser.cookies.set("paceline_oauth", value);
    await browser.open("/strava/authorize");
    assert.match(browser.cookies.get("paceline_oauth")!, /^[\w-]{43}$/);
    assert.notEqual(browser.cookies.get("paceline_oauth"), value);
  }
});

Deno.test("GET /strava/authorize: a second tab keeps the cookie, so that either tab may come back", async () => {
  for (const first of [0, 1]) {
    await using test = await createTestApp();
    const browser = openBrowser(test);
    const tabs = [await browser.signIn(), await browser.signIn()];
    assert.equal(browser.cookies.size, 1);
    assert.equal(readResult(await browser.open(tabs[first]!)), "success");
  }
});

Deno.test("GET /strava/callback: success sends the browser to the frontend and ends the cookie", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const response = await browser.open(await browser.signIn());
  assert.equal(response.status, 303);
  assert.equal(
    response.headers.get("location"),
    "http://frontend.test/?strava=success",
  );
  assert.deepEqual(response.headers.getSetCookie(), [
    "paceline_oauth=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0",
  ]);
  assert.equal(response.headers.get("cache-control"), "no-store");
  assert.equal(response.headers.get("referrer-policy"), "no-referrer");
  assert.equal(await response.text(), "");
  const { runs: _, ...rows } = await countRows(test);
  assert.deepEqual(rows, { athletes: 1, grants: 1, states: 1, activities: 0 });
});

Deno.test("GET /strava/callback: over https the host's cookie is read and ended", async () => {
  await using test = await createTestApp({
    env: HTTPS,
    strava: { callbackDomain: "example.com" },
  });
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const response = await browser.open(back);
  assert.equal(readResult(response), "success");
  assert.deepEqual(response.headers.getSetCookie(), [
    "__Host-paceline_oauth=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure",
  ]);
});

Deno.test("GET /strava/callback: over https a cookie without the prefix counts for nothing", async () => {
  await using test = await createTestApp({
    env: HTTPS,
    strava: { callbackDomain: "example.com" },
  });
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const value = browser.cookies.get("__Host-paceline_oauth")!;
  browser.cookies.clear();
  browser.cookies.set("paceline_oauth", value);
  assert.equal(readResult(await browser.open(back)), "invalid_state");
});

Deno.test("GET /strava/callback: the cookie is found among others", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const [own] = [...browser.cookies];
  const others = `a=b; xpaceline_oauth=${"x".repeat(43)}; ${
    own!.join("=")
  }; last="1"`;
  const response = await test.app(
    new Request(back, { headers: { cookie: others } }),
  );
  assert.equal(readResult(response), "success");
});

Deno.test("GET /strava/callback: the browser is answered before the first sync ends", async () => {
  await using test = await createTestApp({ activities: createHistory(5) });
  test.strava.faults.inject({ kind: "hang" }, { path: LIST });
  assert.equal(await connect(test), "success");
  assert.equal((await countRows(test))["activities"], 0);
  test.strava.faults.clear();
  await test.idle();
  assert.equal((await countRows(test))["activities"], 5);
  assert.equal((await test.get("/strava/stats/totals")).status, 200);
});

Deno.test("GET /strava/callback: a first sync that fails does not undo the connection", async () => {
  await using test = await createTestApp({ activities: createHistory(5) });
  test.strava.faults.inject({ kind: "status", status: 500 }, { path: LIST });
  assert.equal(await connect(test), "success");
  await test.idle();
  const [run] = await test.deps.sql`select status, trigger from sync_runs`;
  assert.deepEqual({ ...run }, { status: "failed", trigger: "connect" });
  test.strava.faults.clear();
  assert.equal(await refresh(test), 200);
  assert.equal((await countRows(test))["activities"], 5);
});

Deno.test("GET /strava/callback: a state is good once", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const cookies = new Map(browser.cookies);
  assert.equal(readResult(await browser.open(back)), "success");
  const again = openBrowser(test);
  for (const [name, value] of cookies) again.cookies.set(name, value);
  const exchanges = countRequests(test, TOKEN);
  assert.equal(readResult(await again.open(back)), "invalid_state");
  assert.equal(countRequests(test, TOKEN), exchanges);
});

Deno.test("GET /strava/callback: of two returns at once with a state one wins", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const results = (await Promise.all(
    [1, 2, 3, 4].map(() => browser.open(back)),
  )).map(readResult);
  assert.deepEqual(results.toSorted(), [
    "invalid_state",
    "invalid_state",
    "invalid_state",
    "success",
  ]);
  assert.equal(countRequests(test, TOKEN), 1);
});

Deno.test("GET /strava/callback: a state is good to the last millisecond of ten minutes", async () => {
  for (
    const [late, result] of [[-1, "success"], [0, "invalid_state"]] as const
  ) {
    await using test = await createTestApp();
    const browser = openBrowser(test);
    const start = test.clock.now;
    const { searchParams } = new URL(
      (await browser.open("/strava/authorize")).headers.get("location")!,
    );
    test.clock.now = start + STATE_LIFETIME_MS + late;
    const page = new URL(`${test.config.strava.oauthUrl}/authorize`);
    page.search = searchParams.toString();
    const back = await consent(page, {});
    assert.equal(readResult(await browser.open(back)), result);
  }
});

Deno.test("GET /strava/callback: used states are forgotten once they would be refused anyway", async () => {
  await using test = await createTestApp();
  assert.equal(await connect(test, { deny: true }), "access_denied");
  test.clock.now += STATE_LIFETIME_MS + 1;
  assert.equal(await connect(test, { deny: true }), "access_denied");
  const rows = await test.deps.sql`select nonce from used_oauth_states`;
  assert.equal(rows.length, 1);
});

Deno.test("GET /strava/callback: without the cookie nothing happens", async () => {
  await using test = await createTestApp();
  const back = await openBrowser(test).signIn();
  const response = await openBrowser(test).open(back);
  assert.equal(readResult(response), "invalid_state");
  assert.equal(countRequests(test, TOKEN), 0);
  assert.deepEqual(await countRows(test), NOTHING);
});

Deno.test("GET /strava/callback: another browser's return is refused, and the state stays good", async () => {
  await using test = await createTestApp();
  const [victim, attacker] = [openBrowser(test), openBrowser(test)];
  const back = await attacker.signIn();
  await victim.signIn();
  assert.equal(readResult(await victim.open(back)), "invalid_state");
  assert.equal(countRequests(test, TOKEN), 0);
  assert.equal(readResult(await attacker.open(back)), "success");
});

Deno.test("GET /strava/callback: who denies is told so, and nothing is stored", async () => {
  await using test = await createTestApp();
  assert.equal(await connect(test, { deny: true }), "access_denied");
  assert.equal(countRequests(test, TOKEN), 0);
  assert.deepEqual(await countRows(test), NOTHING);
});

Deno.test("GET /strava/callback: without a permission to read activities nothing is stored and the grant goes back", async () => {
  await using test = await createTestApp();
  const scopes = ["profile:read_all"];
  assert.equal(await connect(test, { scopes }), "scope_missing");
  assert.deepEqual(await countRows(test), NOTHING);
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
  // Strava, which forgets what was refused, asks anew.
  assert.equal(await connect(test), "success");
});

Deno.test("GET /strava/callback: a connected athlete who comes back with less keeps the good grant", async () => {
  await using test = await createTestApp({ synced: true });
  const before = await test.deps.sql`select * from grants`;
  assert.equal(await connect(test, { scopes: [] }), "scope_missing");
  assert.deepEqual(await test.deps.sql`select * from grants`, before);
  assert.equal(countRequests(test, "/oauth/revoke"), 0);
  assert.equal(await refresh(test), 200);
});

Deno.test("GET /strava/callback: activity:read alone is enough", async () => {
  await using test = await createTestApp({ activities: createHistory(5) });
  assert.equal(await connect(test, { scopes: ["activity:read"] }), "success");
  await test.idle();
  const [grant] = await test.deps.sql`select scopes from grants`;
  assert.deepEqual(grant?.["scopes"], ["read", "activity:read"]);
  assert.ok((await countRows(test))["activities"]! > 0);
});

Deno.test("GET /strava/callback: without a scope in the address Strava's answer tells what was granted", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  back.searchParams.delete("scope");
  assert.equal(readResult(await browser.open(back)), "success");
  const [grant] = await test.deps.sql`select scopes from grants`;
  assert.deepEqual(grant?.["scopes"].toSorted(), ASKED.toSorted());
});

Deno.test("GET /strava/callback: ALLOWED_ATHLETES lets in whom it lists, nothing of others is stored", async () => {
  await using test = await createTestApp({
    env: { ALLOWED_ATHLETES: `1,${OTHER_ID}` },
  });
  addOther(test);
  assert.equal(await connect(test), "athlete_not_allowed");
  assert.deepEqual(await countRows(test), NOTHING);
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
  assert.equal(await connect(test, { athleteId: OTHER_ID }), "success");
  assert.ok(test.strava.grants.get(OTHER_ID));
});

Deno.test('GET /strava/callback: with ALLOWED_ATHLETES "first" the instance belongs to who came first', async () => {
  await using test = await createTestApp({ synced: true });
  addOther(test);
  const before = await countRows(test);
  const result = await connect(test, { athleteId: OTHER_ID });
  assert.equal(result, "athlete_not_allowed");
  assert.deepEqual(await countRows(test), before);
  assert.equal(test.strava.grants.get(OTHER_ID), undefined);
  assert.ok(test.strava.grants.get(ATHLETE_ID));
  assert.equal(await connect(test), "success");
});

Deno.test('GET /strava/callback: with "first" of two athletes at the same instant exactly one is stored', async () => {
  await using test = await createTestApp();
  addOther(test);
  const browsers = [openBrowser(test), openBrowser(test)];
  const backs = await Promise.all([
    browsers[0]!.signIn(),
    browsers[1]!.signIn({ athleteId: OTHER_ID }),
  ]);
  const held = Promise.withResolvers<void>();
  // Both have read all that could be read when the first may go on.
  const holding = test.deps.sql.begin(async (sql) => {
    await lockConnecting(sql);
    held.resolve();
    await until(async () => {
      const [row] = await sql`
        select count(*) as waiting
        from pg_locks
        where locktype = 'advisory'
          and database = (select oid from pg_database where datname = current_database())
          and not granted
      `;
      return row!["waiting"] > 0;
    }, "somebody waits");
  });
  await held.promise;
  const returns = backs.map((back, index) => browsers[index]!.open(back));
  await holding;
  const results = (await Promise.all(returns)).map(readResult);
  assert.deepEqual(results.toSorted(), ["athlete_not_allowed", "success"]);
  await test.idle();
  const { athletes, grants } = await countRows(test);
  assert.deepEqual([athletes, grants], [1, 1]);
  const [owner] = await test.deps.sql`select id from athletes`;
  const refused = owner!["id"] === ATHLETE_ID ? OTHER_ID : ATHLETE_ID;
  assert.equal(test.strava.grants.get(refused), undefined);
});

Deno.test("GET /strava/callback: a code that Strava does not know is code_rejected", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  back.searchParams.set("code", "0123456789");
  assert.equal(readResult(await browser.open(back)), "code_rejected");
  assert.deepEqual(await countRows(test), NOTHING);
});

Deno.test("GET /strava/callback: a return without a code is code_rejected, without a request", async () => {
  await using test = await createTestApp();
  for (const code of [undefined, ""]) {
    const browser = openBrowser(test);
    const back = await browser.signIn();
    back.searchParams.delete("code");
    if (code !== undefined) back.searchParams.set("code", code);
    assert.equal(readResult(await browser.open(back)), "code_rejected");
  }
  assert.equal(countRequests(test, TOKEN), 0);
});

Deno.test("GET /strava/callback: the application's limit of athletes is told as such", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  test.strava.faults.athleteLimit = true;
  const response = await browser.open(back);
  assert.equal(readResult(response), "athlete_limit_reached");
  assert.deepEqual(await countRows(test), NOTHING);
});

const BROKEN: Record<
  string,
  Parameters<TestApp["strava"]["faults"]["inject"]>[0]
> = {
  "cuts the connection": { kind: "reset" },
  "cuts the answer": { kind: "cut" },
  "hangs": { kind: "hang" },
  "answers 500": { kind: "status", status: 500, body: { json: {} } },
  "answers 503 in HTML": { kind: "status", status: 503, body: "html" },
  "answers 200 in HTML": { kind: "status", status: 200, body: "html" },
  "answers 200 with nothing": { kind: "status", status: 200, body: "empty" },
  "answers with another shape": { kind: "object" },
  "truncates its answer": { kind: "truncated" },
  "redirects to a login": { kind: "redirect", location: "http://127.0.0.1/" },
  "answers 429": { kind: "rate_limit" },
};

for (const [what, action] of Object.entries(BROKEN)) {
  Deno.test(`GET /strava/callback: a Strava that ${what} is strava_unavailable, and nothing is stored`, async () => {
    await using test = await createTestApp();
    setTimeoutMs(test, what === "hangs" ? 100 : 5000);
    test.strava.faults.inject(action, { path: TOKEN });
    assert.equal(await connect(test), "strava_unavailable");
    assert.deepEqual(await countRows(test), NOTHING);
    const [line, ...others] = test.log.lines
      .filter(({ level }) => level !== "info");
    assert.equal(others.length, 0);
    assert.equal(line?.level, "warning");
    assert.ok(line.properties["cause"], "Nobody can tell why");
    test.strava.faults.clear();
    assert.equal(await connect(test), "success");
  });
}

Deno.test("GET /strava/callback: a refusal is told even if the grant cannot go back to Strava", async () => {
  await using test = await createTestApp({ env: { ALLOWED_ATHLETES: "1" } });
  test.strava.faults.inject({ kind: "status", status: 503 }, {
    path: "/oauth/revoke",
  });
  assert.equal(await connect(test), "athlete_not_allowed");
  assert.deepEqual(await countRows(test), NOTHING);
});

Deno.test("GET /strava/callback: no query, however hostile, leads anywhere but to the frontend", async () => {
  await using test = await createTestApp();
  const hostile: string[] = [
    "",
    "?",
    "?state",
    "?state=&code=&scope=",
    "?state=%00&code=%00",
    "?state=%F0%9F%8F%83&code=%ED%A0%80",
    "?state=x&state=y&code=x&code=y",
    "?error=access_denied",
    "?error=%3Cscript%3Ealert(1)%3C/script%3E",
    "?__proto__=x&constructor=y&toString=z",
    `?state=${"A".repeat(1_000_000)}`,
    `?${"a=b&".repeat(50_000)}`,
    `?state=${"A".repeat(22)}.${"9".repeat(15)}.${"A".repeat(43)}&code=x`,
    "?%zz=%",
    "?redirect_uri=https://evil.test&next=//evil.test&return_to=https://evil.test",
    "?strava=success",
  ];
  for (const query of hostile) {
    const browser = openBrowser(test);
    await browser.open("/strava/authorize");
    const response = await browser.open(`/strava/callback${query}`);
    assert.equal(readResult(response), "invalid_state", query.slice(0, 80));
  }
  assert.equal(countRequests(test, TOKEN), 0);
  assert.deepEqual(await countRows(test), NOTHING);
});

Deno.test("GET /strava/callback: a good state with a hostile rest stays on the frontend too", async () => {
  await using test = await createTestApp();
  const hostile: [string, string, string][] = [
    ["code", "\0", "code_rejected"],
    ["code", "x".repeat(200_000), "code_rejected"],
    ["code", "x&client_id=1&grant_type=refresh_token", "code_rejected"],
    ["scope", "\0,\ud800", "scope_missing"],
    ["scope", "", "scope_missing"],
    ["scope", "ACTIVITY:READ activity:readx", "scope_missing"],
    ["error", "access_denied", "access_denied"],
  ];
  for (const [name, value, result] of hostile) {
    const browser = openBrowser(test);
    const back = await browser.signIn();
    back.searchParams.set(name, value);
    assert.equal(readResult(await browser.open(back)), result, name);
    assert.deepEqual(await countRows(test), NOTHING, name);
  }
});

Deno.test("GET /strava/callback: neither parameters nor headers lead away from FRONTEND_URL", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  for (
    const name of [
      "redirect_uri",
      "redirect",
      "return_to",
      "next",
      "url",
      "frontend_url",
      "strava",
      "reason",
    ]
  ) back.searchParams.set(name, "https://evil.test/");
  back.host = "evil.test";
  const [cookie] = [...browser.cookies];
  const response = await test.app(
    new Request(back, {
      headers: {
        cookie: cookie!.join("="),
        "x-forwarded-host": "evil.test",
        forwarded: "host=evil.test",
        origin: "https://evil.test",
        referer: "https://evil.test/",
      },
    }),
  );
  assert.equal(
    response.headers.get("location"),
    "http://frontend.test/?strava=success",
  );
});

Deno.test("GET /strava/callback: a frontend below a path is reached there", async () => {
  await using test = await createTestApp({
    env: { FRONTEND_URL: "https://пример.рф/бег/" },
  });
  const response = await test.get("/strava/callback");
  assert.equal(
    response.headers.get("location"),
    "https://xn--e1afmkfd.xn--p1ai/%D0%B1%D0%B5%D0%B3/?strava=error&reason=invalid_state",
  );
});

Deno.test("GET /strava/callback: who reconnects after a disconnect is served again", async () => {
  await using test = await createTestApp({
    synced: true,
    activities: createHistory(5),
  });
  await test.post("/strava/admin/disconnect", { key: true });
  assert.equal(await refresh(test), 404);
  assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
  test.strava.athletes.get(ATHLETE_ID)!.add({ name: "While away" });
  test.clock.now += 1000;
  assert.equal(await connect(test), "success");
  await test.idle();
  assert.equal((await countRows(test))["activities"], 6);
  assert.equal(await refresh(test), 200);
});

Deno.test("GET /strava/callback: an athlete whose grant died connects again", async () => {
  await using test = await createTestApp({ synced: true });
  test.strava.deauthorize(ATHLETE_ID);
  assert.equal(await refresh(test), 409);
  assert.equal(await connect(test), "success");
  await test.idle();
  assert.equal(await refresh(test), 200);
  assert.deepEqual((await countRows(test))["athletes"], 1);
});

Deno.test("GET /strava/callback: a database that is away is server_error, and the code is not spent", async () => {
  await using test = await createTestApp();
  const browser = openBrowser(test);
  const back = await browser.signIn();
  const { sql } = test.deps;
  test.deps.sql = (() =>
    Promise.reject(
      Object.assign(new Error("no"), { code: "ECONNREFUSED" }),
    )) as never;
  assert.equal(readResult(await browser.open(back)), "server_error");
  test.deps.sql = sql;
  assert.equal(countRequests(test, TOKEN), 0);
  const errors = test.log.lines.filter(({ level }) => level === "error");
  assert.deepEqual(errors.map(({ message }) => message), [
    "The database does not answer",
  ]);
});
