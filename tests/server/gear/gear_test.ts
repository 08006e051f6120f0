import assert from "node:assert/strict";
import { MAX_GEAR } from "../../../server/gear/change_gear.ts";
import { syncDueAthletes } from "../../../server/sync/run_sync.ts";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import {
  giveAthlete,
  insertCaller,
  insertKey,
  json,
} from "../../support/callers.ts";
import { createFileAthlete } from "../../support/files.ts";
import { connectWithoutSync } from "../../support/sync.ts";

const DAY_MS = 24 * 60 * 60 * 1000;
const BLUE = {
  kind: "shoes",
  name: "Blue ones",
  brand: "Brooks",
  model: "Caldera 5",
};

async function createAthlete(): Promise<TestApp & { athleteId: number }> {
  const test = await createTestApp();
  const athleteId = await createFileAthlete(test);
  return Object.assign(test, { athleteId });
}

// deno-lint-ignore no-explicit-any -- tests look into all parts of the answer
async function send(test: TestApp, path: string, body: object): Promise<any> {
  const response = await test.post(`/api/gear/${path}`, {
    ...json(body),
    key: true,
  });
  return { status: response.status, ...await response.json() };
}

// deno-lint-ignore no-explicit-any -- tests look into all parts of the answer
async function list({ get }: TestApp): Promise<any[]> {
  const response = await get("/api/gear", { key: true });
  assert.equal(response.status, 200);
  return (await response.json()).data;
}

async function readVersion({ deps: { sql } }: TestApp): Promise<number> {
  const [row] = await sql<{ version: number }[]>`
    select data_version as version from sync_state
  `;
  return row!.version;
}

Deno.test("gear.create: adds gear once, also when many arrive together", async () => {
  await using test = await createAthlete();
  assert.deepEqual(await list(test), []);

  const all = await Promise.all(
    Array.from({ length: 10 }, () => send(test, "create", BLUE)),
  );

  const [first] = all;
  assert.equal(new Set(all.map(({ id }) => id)).size, 1);
  assert.match(first.id, /^shoes_[\da-f]{16}$/);
  const version = await readVersion(test);
  const { status, ...again } = await send(test, "create", BLUE);
  assert.equal(status, 200);
  assert.deepEqual(await list(test), [again]);
  assert.deepEqual(again, {
    ...BLUE,
    id: first.id,
    nickname: null,
    retired: null,
    edited: [],
  });
  assert.equal(await readVersion(test), version);
});

Deno.test("gear.update: renames and retires gear, and takes it back", async () => {
  await using test = await createAthlete();
  const { id } = await send(test, "create", BLUE);
  const versions = [await readVersion(test)];

  const set = { id, set: { name: "Old ones", retired: true } };
  const updated = await send(test, "update", set);
  versions.push(await readVersion(test));
  await send(test, "update", set);
  versions.push(await readVersion(test));

  assert.deepEqual(
    [updated.name, updated.brand, updated.retired, updated.edited],
    ["Old ones", "Brooks", true, ["name", "retired"]],
  );
  assert.deepEqual(
    versions.slice(1).map((each, i) => each > versions[i]!),
    [true, false],
  );
  const reset = await send(test, "update", { id, reset: ["name"] });
  assert.deepEqual([reset.name, reset.edited], ["Blue ones", ["retired"]]);
});

Deno.test("gear.create: stops at the greatest number, also when many arrive", async () => {
  await using test = await createAthlete();
  await test.deps.sql`
    insert into gear (athlete_id, id, checked_at)
    select ${test.athleteId}, 'g' || number, 'epoch'
    from generate_series(1, ${MAX_GEAR - 1}) as number
  `;

  const all = await Promise.all(
    Array.from(
      { length: 5 },
      (_, i) => send(test, "create", { ...BLUE, name: `Pair ${i}` }),
    ),
  );

  const added = all.filter(({ status }) => status === 200);
  assert.equal(added.length, 1);
  assert.deepEqual(
    all.filter((each) => each !== added[0]).map((each) => [
      each.status,
      each.reason,
    ]),
    Array(4).fill([409, "too_many_gear"]),
  );
  assert.equal((await list(test)).length, MAX_GEAR);
  const again = await send(test, "create", { ...BLUE, name: added[0].name });
  assert.deepEqual([again.status, again.id], [200, added[0].id]);
});

Deno.test("gear: refuses what does not fit", async () => {
  await using test = await createAthlete();
  const { id } = await send(test, "create", BLUE);
  const wrong: [path: string, body: object, status: number][] = [
    ["create", { ...BLUE, kind: "skis" }, 400],
    ["create", { ...BLUE, name: " " }, 400],
    ["create", { ...BLUE, name: "a\nb" }, 400],
    ["create", { ...BLUE, name: "a\0b" }, 400],
    ["create", { ...BLUE, name: "x".repeat(201) }, 400],
    ["update", { id }, 400],
    ["update", { id, set: {} }, 400],
    ["update", { id, set: { name: "a" }, reset: ["name"] }, 400],
    ["update", { id: "'; --", set: { name: "a" } }, 400],
    ["update", { id: "g404", set: { name: "a" } }, 404],
  ];
  for (const [path, body, status] of wrong) {
    const answer = await send(test, path, body);
    assert.equal(answer.status, status, JSON.stringify(body));
  }
  assert.equal((await list(test)).length, 1);
});

Deno.test("gear: are for the owner, with the scopes stats:read and activities:write", async () => {
  await using test = await createAthlete();
  const { athleteId } = test;
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");
  await giveAthlete(test, { user: ada, athleteId });
  await test.deps.sql`update athletes set visibility = 'public'`;
  const keyOf = async (scope: string) =>
    (await insertKey(test, { user: ada, scopes: [scope] })).headers;
  const create = async (headers: Record<string, string>) =>
    (await test.post("/api/gear/create", json(BLUE, headers))).status;
  const read = async (headers: Record<string, string>) =>
    (await test.get(`/api/gear?athlete=${athleteId}`, { headers })).status;

  assert.equal(await create(await keyOf("stats:read")), 403);
  assert.equal(await create(await keyOf("activities:write")), 200);
  assert.equal(await read(await keyOf("activities:write")), 403);
  assert.equal(await read(await keyOf("stats:read")), 200);
  assert.equal(await read(ada.headers), 200);
  assert.equal(await read(bob.headers), 404);
  assert.equal(await read({}), 401);
});

Deno.test("gear: the owner's values outlast Strava's, also of gear added before", async () => {
  const activity = createActivity({
    id: 1,
    gear_id: "g1",
    start_date: "2026-11-01T08:00:00Z",
    distance: 5000,
  }, ATHLETE_ID);
  await using test = await createTestApp({ activities: [activity] });
  const { profile } = test.strava.athletes.get(ATHLETE_ID)!;
  profile.shoes = [{
    id: "g1",
    primary: false,
    name: "Brooks Caldera 5 Blue ones",
    nickname: "Blue ones",
    resource_state: 3,
    retired: false,
    distance: 0,
    converted_distance: 0,
    brand_name: "Brooks",
    model_name: "Caldera 5",
    description: null,
  }];
  await connectWithoutSync(test);
  const { id } = await send(test, "create", BLUE);
  await send(test, "update", { id, set: { retired: true } });

  await syncDueAthletes(test.deps);
  profile.shoes[0]!.nickname = "Renamed";
  profile.shoes[0]!.name = "Brooks Caldera 5 Renamed";
  test.clock.now += 2 * DAY_MS;
  await syncDueAthletes(test.deps);

  const [gear, ...others] = await list(test);
  assert.deepEqual(others, []);
  assert.deepEqual(
    [gear.id, gear.name, gear.retired],
    ["g1", "Brooks Caldera 5 Renamed", true],
  );
  await send(test, "update", { id: "g1", set: { name: "Mine" } });
  const response = await test.get("/strava/stats/gear", { key: true });
  const { data: [total] } = await response.json();
  assert.deepEqual([total.name, total.retired], ["Mine", true]);
  const { id: same } = await send(test, "create", BLUE);
  assert.equal(same, "g1");
});
