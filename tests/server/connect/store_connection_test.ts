import assert from "node:assert/strict";
import type { ConnectOptions } from "../../../demo/connect.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { SCOPES } from "../../../server/auth/scope.ts";
import {
  insertCaller,
  insertKey,
  type TestUser,
} from "../../support/callers.ts";
import { addOther, OTHER_ID } from "../../support/sign_in.ts";

const BOTH = { ALLOWED_ATHLETES: `${ATHLETE_ID},${OTHER_ID}` };

/** Connects an athlete as a browser does and returns the result for the frontend. */
async function connect(
  test: TestApp,
  { user, ...choice }: Partial<ConnectOptions> & { user?: TestUser } = {},
): Promise<string> {
  const url = await test.connect({ cookie: user?.cookie, ...choice });
  await test.idle();
  return url.searchParams.get("reason") ?? url.searchParams.get("strava")!;
}

/** Columns of `athletes` about the owner. */
interface OwnedAthlete {
  id: number;
  user_id: string | null;
  is_default: boolean;
  visibility: string | null;
}

async function readAthletes({ deps }: TestApp): Promise<OwnedAthlete[]> {
  const rows = await deps.sql<OwnedAthlete[]>`
    select id, user_id, is_default, visibility
    from athletes
    order by id
  `;
  return rows.map((row) => ({ ...row }));
}

async function readAudit({ deps }: TestApp): Promise<unknown[]> {
  const rows = await deps.sql`
    select kind, user_id, actor_id, session_id, athlete_id, detail
    from audit_events
    order by id
  `;
  return rows.map((row) => ({ ...row }));
}

async function hasGrant({ deps }: TestApp, id: number): Promise<boolean> {
  const rows = await deps.sql`select from grants where athlete_id = ${id}`;
  return rows.length === 1;
}

Deno.test("GET /strava/connect: gives the session's user a private athlete", async () => {
  await using test = await createTestApp({
    activities: createHistory(3),
    env: BOTH,
  });
  addOther(test);
  const ada = await insertCaller(test, "ada");

  assert.equal(await connect(test, { user: ada }), "success");
  assert.equal(
    await connect(test, { user: ada, athleteId: OTHER_ID }),
    "success",
  );

  const own = { user_id: ada.id, visibility: "private" };
  assert.deepEqual(await readAthletes(test), [
    { id: ATHLETE_ID, is_default: true, ...own },
    { id: OTHER_ID, is_default: false, ...own },
  ]);
  const { headers } = ada;
  const read = await test.get("/strava/stats/ytd", { headers });
  const refused = await test.get("/strava/stats/ytd");
  assert.deepEqual([read.status, refused.status], [200, 404]);
  const event = {
    kind: "athlete_connected",
    user_id: ada.id,
    actor_id: null,
    session_id: ada.sessionId,
    detail: { again: false },
  };
  assert.deepEqual(await readAudit(test), [
    { ...event, athlete_id: ATHLETE_ID },
    { ...event, athlete_id: OTHER_ID },
  ]);
});

Deno.test("GET /strava/connect: redirects to Strava with the session in the state", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  const headers = { cookie: ada.cookie };

  const response = await test.get("/strava/connect", { headers });

  assert.equal(response.status, 302);
  const url = new URL(response.headers.get("location")!);
  assert.equal(
    url.origin + url.pathname,
    `${test.config.strava.oauthUrl}/authorize`,
  );
  const state = url.searchParams.get("state")!;
  assert.equal(state.split(".")[2], ada.sessionId);
  assert.ok(!url.href.includes(ada.cookie.split("=")[1]!));
});

Deno.test("GET /strava/connect: connects the instance's own athlete without a session", async () => {
  await using test = await createTestApp();

  assert.equal(await connect(test), "success");

  assert.deepEqual(await readAthletes(test), [{
    id: ATHLETE_ID,
    user_id: null,
    is_default: false,
    visibility: null,
  }]);
});

Deno.test("GET /strava/connect: redirects to the frontend if the session has ended", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  await test.deps.sql`
    update sessions
    set revoked_at = ${new Date(test.clock.now)}, revoke_reason = 'logout'
  `;

  for (const path of ["/strava/connect", "/strava/authorize"]) {
    const headers = { cookie: ada.cookie };
    const response = await test.get(path, { headers });
    assert.equal(response.status, 303, path);
    assert.equal(
      response.headers.get("location"),
      "http://frontend.test/?strava=error&reason=session_expired",
    );
  }
});

Deno.test("GET /strava/connect: refuses a wrong key and any API key", async () => {
  await using test = await createTestApp();

  const user = await insertCaller(test, "root", { role: "admin" });
  const { headers: key } = await insertKey(test, { user, scopes: SCOPES });
  for (
    const [headers, status, reason] of [
      [{ "x-api-key": "wrong" }, 401, "invalid_api_key"],
      [key, 403, "scope_missing"],
    ] as const
  ) {
    const response = await test.get("/strava/connect", { headers });

    assert.equal(response.status, status);
    assert.equal(response.headers.get("set-cookie"), null);
    assert.equal((await response.json()).reason, reason);
  }
});

/** Changes to a user between Strava's page and the callback. */
const CHANGES: Record<
  string,
  (test: TestApp, user: TestUser) => Promise<unknown>
> = {
  "the user was disabled": ({ deps: { sql } }, { id }) =>
    sql`update users set is_active = false where id = ${id}`,
  "the user was deleted": ({ deps: { sql } }, { id }) =>
    sql`delete from users where id = ${id}`,
  "the session was ended": ({ deps: { sql }, clock }, { id }) =>
    sql`
      update sessions
      set revoked_at = ${new Date(clock.now)}, revoke_reason = 'revoked'
      where user_id = ${id}
    `,
};

for (const [name, change] of Object.entries(CHANGES)) {
  Deno.test(`GET /strava/callback: stores nothing if ${name}`, async () => {
    await using test = await createTestApp();
    const ada = await insertCaller(test, "ada");
    const { app } = test;
    let count = 0;
    const server = async (request: Request): Promise<Response> => {
      if (++count === 2) await change(test, ada);
      return await app(request);
    };

    const reason = await connect(test, { user: ada, server });

    assert.equal(reason, "session_expired");
    assert.deepEqual(await readAthletes(test), []);
    assert.equal(test.strava.grants.get(ATHLETE_ID), undefined);
  });
}

Deno.test("GET /strava/callback: stores nothing if another user has logged in", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");
  const { app } = test;
  let count = 0;
  const server = async (request: Request): Promise<Response> => {
    if (++count === 2) {
      const cookie = request.headers.get("cookie")!;
      request.headers.set("cookie", cookie.replace(ada.cookie, bob.cookie));
    }
    return await app(request);
  };

  assert.equal(
    await connect(test, { user: ada, server }),
    "session_expired",
  );
  assert.deepEqual(await readAthletes(test), []);
});

Deno.test("GET /strava/callback: refuses a state with a removed or replaced session", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");
  const { app } = test;
  for (const session of ["", `.${bob.sessionId}`]) {
    let count = 0;
    const server = async (request: Request): Promise<Response> => {
      if (++count === 1) return await app(request);
      const url = request.url.replace(`.${ada.sessionId}`, session);
      assert.notEqual(url, request.url);
      return await app(new Request(url, { headers: request.headers }));
    };
    assert.equal(
      await connect(test, { user: ada, server }),
      "invalid_state",
    );
  }
  assert.deepEqual(await readAthletes(test), []);
});

Deno.test("GET /strava/callback: refuses another user's athlete and changes nothing", async () => {
  await using test = await createTestApp({ env: BOTH });
  const ada = await insertCaller(test, "ada");
  const eve = await insertCaller(test, "eve");
  const root = await insertCaller(test, "root", { role: "admin" });
  await connect(test, { user: ada });
  const before = await readAthletes(test);
  const [grant] = await test.deps.sql`select * from grants`;

  for (const user of [eve, root, undefined]) {
    const choice = user ? { user } : {};
    assert.equal(await connect(test, choice), "athlete_taken");
  }

  assert.deepEqual(await readAthletes(test), before);
  assert.deepEqual({ ...(await test.deps.sql`select * from grants`)[0] }, {
    ...grant,
  });
  test.clock.now += 7 * 60 * 60_000;
  const headers = ada.headers;
  const refreshed = await test.post("/strava/refresh-data", { headers });
  assert.equal(refreshed.status, 200, await refreshed.text());
});

Deno.test("GET /strava/callback: refuses another user's disconnected athlete", async () => {
  await using test = await createTestApp({ env: BOTH });
  const ada = await insertCaller(test, "ada");
  const eve = await insertCaller(test, "eve");
  await connect(test, { user: ada });
  const { headers } = ada;
  const left = await test.post("/strava/admin/disconnect", { headers });
  assert.equal(left.status, 200);
  await left.body?.cancel();

  assert.equal(await connect(test, { user: eve }), "athlete_taken");
  assert.equal(await hasGrant(test, ATHLETE_ID), false);

  assert.equal(await connect(test, { user: ada }), "success");
  assert.equal(await hasGrant(test, ATHLETE_ID), true);
});

Deno.test("GET /strava/callback: reconnects the user's own athlete unchanged", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  await connect(test, { user: ada });
  await test.deps.sql`update athletes set visibility = 'public'`;
  const before = await readAthletes(test);

  assert.equal(await connect(test, { user: ada }), "success");

  assert.deepEqual(await readAthletes(test), before);
});

Deno.test("GET /strava/callback: lets an administrator take over the instance's athlete", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  const root = await insertCaller(test, "root", { role: "admin" });
  await connect(test);
  assert.equal(await connect(test, { user: ada }), "athlete_taken");

  assert.equal(await connect(test, { user: root }), "success");

  assert.deepEqual(await readAthletes(test), [{
    id: ATHLETE_ID,
    user_id: root.id,
    is_default: true,
    visibility: null,
  }]);
});

Deno.test('GET /strava/callback: with "first", refuses a second athlete of any user', async () => {
  await using test = await createTestApp();
  addOther(test);
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");
  await connect(test, { user: ada });

  for (const user of [ada, bob, undefined]) {
    const choice = user ? { user } : {};
    assert.equal(
      await connect(test, { athleteId: OTHER_ID, ...choice }),
      "athlete_not_allowed",
    );
  }
  assert.equal((await readAthletes(test)).length, 1);
});

Deno.test("GET /strava/callback: gives an athlete to one of two simultaneous users", async () => {
  await using test = await createTestApp();
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");

  const results = await Promise.all([
    connect(test, { user: ada }),
    connect(test, { user: bob }),
  ]);

  assert.deepEqual(results.sort(), ["athlete_taken", "success"]);
  assert.equal(await hasGrant(test, ATHLETE_ID), true);
});
