import assert from "node:assert/strict";
import { connectAthlete } from "../../../demo/connect.ts";
import {
  API_KEY,
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { setTimeLeft, unsealStored } from "../../support/grants.ts";

/** Returns all rows of all tables as text. */
async function dumpDatabase({ deps: { sql } }: TestApp): Promise<string> {
  const tables = await sql<{ name: string }[]>`
    select relname as name
    from pg_class
    where relkind = 'r'
      and relnamespace = 'public'::regnamespace
  `;
  assert.ok(tables.length >= 8);
  const dumps = [];
  for (const { name } of tables) {
    const rows = await sql<{ text: string }[]>`
      select row_to_json(t)::text as text
      from ${sql(name)} t
    `;
    dumps.push(...rows.map(({ text }) => `${name} ${text}`));
  }
  return dumps.join("\n");
}

Deno.test("secrets: appear in no log, response or table", async () => {
  await using test = await createTestApp({ activities: createHistory(3) });
  const secrets = new Set<string>([
    API_KEY,
    test.config.stateSecret,
    test.config.encryptionKey,
    test.config.strava.clientSecret,
    btoa(`${test.config.strava.clientId}:${test.config.strava.clientSecret}`),
  ]);
  const responses: string[] = [];
  const { app } = test;
  async function record(request: Request): Promise<Response> {
    const response = await app(request);
    const { pathname, searchParams } = new URL(request.url);
    for (const name of ["code", "state"]) {
      if (searchParams.has(name)) secrets.add(searchParams.get(name)!);
    }
    // The sign-in sends the browser its own state and cookie.
    if (pathname === "/strava/authorize") {
      secrets.add(/=([^;]+)/.exec(response.headers.get("set-cookie")!)![1]!);
      return response;
    }
    const text = await response.clone().text();
    responses.push(text, Deno.inspect([...response.headers]));
    return response;
  }
  async function addTokens(): Promise<void> {
    for (const token of test.strava.grants.liveAccessTokens(ATHLETE_ID)) {
      secrets.add(token);
    }
    const refreshToken = test.strava.grants.liveRefreshToken(ATHLETE_ID);
    if (refreshToken) secrets.add(refreshToken);
    const { sql, seal } = test.deps;
    const [grant] = await sql`select from grants`;
    if (!grant) return;
    for (const token of Object.values(await unsealStored({ sql, seal }))) {
      secrets.add(token);
    }
  }
  const post = (path: string, key = API_KEY): Promise<Response> =>
    record(
      new Request(`http://localhost:5001${path}`, {
        method: "POST",
        headers: { "x-api-key": key },
      }),
    );
  async function assertHidden(): Promise<void> {
    await addTokens();
    const places = {
      log: test.log.text(),
      responses: responses.join("\n"),
      tables: await dumpDatabase(test),
    };
    for (const [place, text] of Object.entries(places)) {
      for (const secret of secrets) {
        assert.ok(secret.length >= 20, secret);
        assert.ok(!text.includes(secret), `${place}: ${secret}`);
      }
    }
  }
  const connect = (): Promise<URL> =>
    connectAthlete({
      server: record,
      serverUrl: "http://localhost:5001",
      athleteId: ATHLETE_ID,
    });

  await connect();
  await test.idle();
  await assertHidden();
  // Strava's responses contain the tokens, so each invalid form of them is tested.
  const { faults } = test.strava;
  const odd = { access_token: "leaked-access-token-01234", refresh_token: 5 };
  secrets.add(odd.access_token);
  const actions = [
    { kind: "status", status: 200, body: { json: odd } },
    { kind: "status", status: 400, body: { json: { ...odd, errors: [odd] } } },
    { kind: "status", status: 500 },
    { kind: "reset" },
    { kind: "truncated" },
    { kind: "cut" },
    { kind: "rate_limit" },
    { kind: "invalid_token" },
  ] as const;
  for (const action of actions) {
    await setTimeLeft(test, 0);
    faults.inject(action, { path: /^\/oauth\// });
    await post("/strava/refresh-data");
    await connect().catch(() => {});
    faults.clear();
    await connect();
    await test.idle();
    await assertHidden();
  }
  await setTimeLeft(test, 0);
  assert.equal((await post("/strava/refresh-data")).status, 200);
  await assertHidden();
  await post("/strava/refresh-data", API_KEY.slice(1));
  secrets.add(API_KEY.slice(1));
  await assertHidden();
  faults.inject({ kind: "status", status: 503 }, { path: "/oauth/revoke" });
  await post("/strava/admin/disconnect");
  await assertHidden();
  assert.ok(secrets.size > 40);
  assert.ok(test.log.lines.length > 40);
});
