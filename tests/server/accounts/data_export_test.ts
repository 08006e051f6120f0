import assert from "node:assert/strict";
import { NOT_IN_USER_EXPORT, USER_EXPORT } from "../../../db/data_export.ts";
import { listAuditEvents } from "../../../db/audit_events.ts";
import { record } from "../../../server/audit.ts";
import { exportFromShell } from "../../../cli/actions/export.ts";
import {
  giveAthlete,
  insertCaller,
  insertKey,
  type TestUser,
} from "../../support/callers.ts";
import {
  ATHLETE_ID,
  createHistory,
  createTestApp,
  type TestApp,
} from "../../support/app.ts";
import { createTestDatabase } from "../../support/database.ts";
import { connectWithoutSync, sync } from "../../support/sync.ts";

const SECOND_ID = 700_002;
const OTHER_ID = 700_003;
const EXPORT = "/api/auth/export";

interface Line {
  kind: string;
  // deno-lint-ignore no-explicit-any -- a row of any table
  data: any;
}

/** Creates Ada with two athletes, one of them synced, and Bob, an administrator, with one. */
async function createUsers(): Promise<
  { test: TestApp; ada: TestUser; bob: TestUser }
> {
  const test = await createTestApp({
    activities: createHistory(5),
    env: { LOG_LEVEL: "error", ALLOWED_ATHLETES: "700001,700002,700003" },
  });
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob", { role: "admin" });
  for (const id of [ATHLETE_ID, SECOND_ID, OTHER_ID]) {
    await connectWithoutSync(test, id);
  }
  await sync(test);
  await giveAthlete(test, { user: ada, athleteId: ATHLETE_ID });
  await giveAthlete(test, { user: ada, athleteId: SECOND_ID });
  await giveAthlete(test, { user: bob, athleteId: OTHER_ID });
  await insertKey(test, { user: ada, scopes: ["stats:read"] });
  await insertKey(test, { user: bob, scopes: ["admin"] });
  const origin = { ...test.deps, address: "192.0.2.9", agent: "curl" };
  await record(origin, "login", { userId: ada.id });
  await record(origin, "login", { userId: bob.id });
  await record(origin, "password_reset", {
    userId: ada.id,
    actorId: bob.id,
    sessionId: bob.sessionId,
  });
  await record(origin, "athlete_connected", { athleteId: ATHLETE_ID });
  await record(origin, "athlete_disconnected", {
    userId: ada.id,
    athleteId: ATHLETE_ID,
    detail: { by: "instance" },
  });
  await record(test.deps, "athlete_connected", { athleteId: OTHER_ID });
  return { test, ada, bob };
}

function parseLines(text: string): Line[] {
  return text.split("\n").filter((line) => line !== "")
    .map((line) => JSON.parse(line));
}

function filterByKind(lines: readonly Line[], kind: string): Line["data"][] {
  return lines.filter((line) => line.kind === kind).map(({ data }) => data);
}

Deno.test("USER_EXPORT: has every table of a user, or a reason for its absence", async () => {
  await using database = await createTestDatabase();

  const tables = await database.sql<{ name: string }[]>`
    select distinct conrelid::regclass::text as name
    from pg_constraint
    where contype = 'f'
      and confrelid in ('users'::regclass, 'sessions'::regclass)
  `;

  const known = [
    ...USER_EXPORT.map(({ table }) => table),
    ...Object.keys(NOT_IN_USER_EXPORT),
    "athletes",
  ];
  assert.deepEqual(
    known.toSorted(),
    ["users", ...tables.map(({ name }) => name)].toSorted(),
  );
});

Deno.test("GET /api/auth/export: returns the account, its events and all athletes", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;

  const response = await test.get(EXPORT, { headers: ada.headers });
  const lines = parseLines(await response.text());

  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/jsonl");
  assert.equal(
    response.headers.get("content-disposition"),
    'attachment; filename="paceline-ada-2026-11-20.jsonl"',
  );
  assert.equal(response.headers.get("cache-control"), "private, no-store");
  assert.deepEqual(lines[0], {
    kind: "archive",
    data: {
      format: "paceline-archive",
      version: 1,
      user_id: ada.id,
      exported_at: "2026-11-20T12:02:00.000Z",
    },
  });
  assert.deepEqual(lines.at(-1), {
    kind: "end",
    data: {
      counts: {
        user: 1,
        session: 1,
        api_key: 1,
        audit_event: 5,
        athlete: 2,
        grant: 2,
        sync_state: 2,
        sync_run: 1,
        activity: 5,
      },
    },
  });
  const [user] = filterByKind(lines, "user");
  assert.deepEqual([user.id, user.username, user.email], [
    ada.id,
    "ada",
    "ada@example.org",
  ]);
  assert.deepEqual(filterByKind(lines, "athlete").map(({ id }) => id), [
    ATHLETE_ID,
    SECOND_ID,
  ]);
  for (const kind of ["activity", "grant", "sync_state"]) {
    for (const { athlete_id } of filterByKind(lines, kind)) {
      assert.ok([ATHLETE_ID, SECOND_ID].includes(athlete_id));
    }
  }
});

Deno.test("GET /api/auth/export: has no secrets and no data of other users", async () => {
  const { test, ada, bob } = await createUsers();
  await using _ = test;
  const { sql, passwords } = test.deps;
  await sql`
    insert into passwords (user_id, hash, changed_at)
    values (${ada.id}, ${await passwords.hash("ten thousand miles")}, now())
  `;
  await sql`
    update athletes set share_hash = sha256('a'::bytea), share_token = 'sealed-share'
    where id = ${ATHLETE_ID}
  `;

  const text = await (await test.get(EXPORT, { headers: ada.headers })).text();

  // Hashes of activities only show whether an activity has changed.
  const withoutActivities = text.replaceAll(/^{"kind":"activity".*$/gm, "");
  assert.doesNotMatch(
    withoutActivities,
    /argon2|hash|token|sealed-share|\\\\x/,
  );
  for (const needle of ["bob", String(OTHER_ID), bob.sessionId]) {
    assert.ok(!text.includes(needle), needle);
  }
  const events = filterByKind(parseLines(text), "audit_event");
  const reset = events.find(({ kind }) => kind === "password_reset");
  assert.equal(reset.actor_id, bob.id);
  for (const event of events.filter(({ kind }) => kind !== "login")) {
    if (event.kind === "account_exported") continue;
    assert.ok(!("address" in event) && !("agent" in event), event.kind);
  }
  const login = events.find(({ kind }) => kind === "login");
  assert.equal(login.address, "192.0.2.9");
});

Deno.test("GET /api/auth/export: is recorded, but HEAD is not", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;
  const read = async (): Promise<string> =>
    (await listAuditEvents(test.deps.sql, { limit: 1 }))[0]!.kind;

  const head = await test.app(
    new Request(`http://localhost:5001${EXPORT}`, {
      method: "HEAD",
      headers: ada.headers,
    }),
  );
  const before = await read();
  await (await test.get(EXPORT, { headers: ada.headers })).text();

  assert.equal(head.status, 200);
  assert.match(head.headers.get("content-disposition")!, /paceline-ada/);
  assert.equal(before, "athlete_connected");
  assert.equal(await read(), "account_exported");
});

Deno.test("GET /api/auth/export: needs a recent session", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;
  const { text } = await insertKey(test, {
    user: ada,
    scopes: ["export:read", "activities:read_private"],
  });
  const request = async (headers: Record<string, string>, query = "") => {
    const response = await test.get(`${EXPORT}${query}`, { headers });
    return [response.status, (await response.json()).reason];
  };

  assert.deepEqual(await request({ "x-api-key": text }), [
    403,
    "scope_missing",
  ]);
  assert.deepEqual(await request({}), [401, "missing_session"]);
  assert.deepEqual(
    await request({ "x-api-key": test.config.internalApiKey }),
    [401, "missing_session"],
  );
  assert.deepEqual(await request(ada.headers, "?user=bob"), [
    400,
    "invalid_input",
  ]);
  test.clock.now += 10 * 60_000 + 1;
  assert.deepEqual(await request(ada.headers), [403, "recent_login_required"]);
});

Deno.test("GET /api/auth/export: allows two downloads per user and frees ended ones", async () => {
  const { test, ada, bob } = await createUsers();
  await using _ = test;
  const { sql } = test.deps;
  // More than the stream buffers, so that each download waits for its reader.
  await sql`
    update athletes
    set profile = jsonb_build_object('padding', repeat('x', 3000000))
  `;
  const eve = await insertCaller(test, "eve");
  const open = (user: TestUser) => test.get(EXPORT, { headers: user.headers });
  const first = [await open(ada), await open(ada)];

  const third = await open(ada);
  assert.equal(third.status, 429);
  assert.equal((await third.json()).reason, "too_many_downloads");
  assert.equal(third.headers.get("retry-after"), "30");
  await Promise.all(first.map((response) => response.body!.cancel()));
  await test.idle();
  const again = await open(bob);
  const other = await open(eve);

  assert.deepEqual([again.status, other.status], [200, 200]);
  await Promise.all([again.text(), other.text()]);
});

Deno.test("GET /api/auth/export: an unread download does not delay shutdown", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;
  await test.deps.sql`
    update athletes
    set profile = jsonb_build_object('padding', repeat('x', 3000000))
  `;
  const response = await test.get(EXPORT, { headers: ada.headers });

  await test.deps.background.close();

  await assert.rejects(response.text());
});

async function runExport(
  { config }: TestApp,
  user: string,
): Promise<{ code: number; text: string; said: string[] }> {
  let text = "";
  const said: string[] = [];
  const code = await exportFromShell(config, {
    athleteId: undefined,
    user,
    write: (part) => Promise.resolve(void (text += part)),
    say: (line) => void said.push(line),
  });
  return { code, text, said };
}

Deno.test("export --user: writes and records the same data as the API", async () => {
  const { test, ada } = await createUsers();
  await using _ = test;

  const byName = await runExport(test, "Ada");
  const byAddress = await runExport(test, "ADA@example.org");
  const downloaded = await test.get(EXPORT, { headers: ada.headers });

  assert.equal(byName.code, 0);
  assert.match(byName.said.at(-1)!, /^Exported user ada: 1 user, 1 session/);
  const [one, two, three] = [
    byName.text,
    byAddress.text,
    await downloaded.text(),
  ]
    .map((text) =>
      parseLines(text).filter(({ kind }) =>
        !["archive", "end", "audit_event", "session"].includes(kind)
      )
    );
  assert.deepEqual(one, two);
  assert.deepEqual(one, three);
  const [, shell] = await listAuditEvents(test.deps.sql, { limit: 2 });
  assert.deepEqual([shell!.kind, shell!.userId, shell!.detail], [
    "account_exported",
    ada.id,
    { by: "shell" },
  ]);
});

Deno.test("export --user: writes nothing for an unknown user", async () => {
  const { test } = await createUsers();
  await using _ = test;

  const { code, text, said } = await runExport(test, "eve");

  assert.deepEqual([code, text, said], [1, "", ['There is no user "eve"']]);
});
