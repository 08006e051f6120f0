import assert from "node:assert/strict";
import { MAX_PRIVACY_ZONES } from "../../../sdk/schemas.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../../support/app.ts";
import {
  giveAthlete,
  insertCaller,
  insertKey,
  json,
} from "../../support/callers.ts";
import { createFileAthlete } from "../../support/files.ts";

const HOME = { name: "Home", latitude: 52.5, longitude: 13.4, radius: 300 };

async function createAthlete(): Promise<TestApp & { athleteId: number }> {
  const test = await createTestApp();
  const athleteId = await createFileAthlete(test);
  return Object.assign(test, { athleteId });
}

// deno-lint-ignore no-explicit-any -- tests look into answers of many shapes
type Json = any;

async function post(
  test: TestApp,
  path: string,
  body: object,
): Promise<{ status: number; answer: Json }> {
  const response = await test.post(`/api/privacy/${path}`, {
    ...json(body),
    key: true,
  });
  return { status: response.status, answer: await response.json() };
}

async function read(test: TestApp): Promise<Json> {
  const response = await test.get("/api/privacy", { key: true });
  assert.equal(response.status, 200);
  return await response.json();
}

/** Reads the stored zones with their shifts. */
async function readShifts(
  { deps: { sql } }: TestApp,
): Promise<[east: number, north: number][]> {
  const rows = await sql<{ east: number; north: number }[]>`
    select shift_east as east, shift_north as north from privacy_zones order by id
  `;
  return rows.map(({ east, north }) => [east, north]);
}

Deno.test("privacy.get: hides all maps and has no zones at first", async () => {
  await using test = await createAthlete();

  assert.deepEqual(await read(test), {
    show_maps: false,
    hidden_start: 0,
    hidden_end: 0,
    zones: [],
  });
});

Deno.test("privacy.update: changes the given settings alone", async () => {
  await using test = await createAthlete();

  await post(test, "update", { show_maps: true, hidden_start: 200 });
  await post(test, "update", { hidden_end: 1600 });
  const { answer } = await post(test, "update", {});

  const settings = { show_maps: true, hidden_start: 200, hidden_end: 1600 };
  assert.deepEqual(answer, { ...settings, zones: [] });
  const off = await post(test, "update", { show_maps: false, hidden_start: 0 });
  assert.deepEqual(
    [off.answer.show_maps, off.answer.hidden_start],
    [false, 0],
  );
  const [event] = await test.deps.sql`
    select kind, detail from audit_events where kind = 'athlete_shared' order by id limit 1
  `;
  assert.deepEqual({ ...event }, {
    kind: "athlete_shared",
    detail: { show_maps: true, by: "instance" },
  });
});

Deno.test("privacy zones: are created, changed and deleted by their owner", async () => {
  await using test = await createAthlete();

  const created = await post(test, "zones/create", HOME);
  await post(test, "zones/create", { ...HOME, name: "Work" });
  const [zone, work] = (await read(test)).zones;
  const [shift] = await readShifts(test);
  const renamed = await post(test, "zones/update", {
    id: zone.id,
    name: " My home ",
    radius: 500,
  });
  const moved = await post(test, "zones/update", { id: zone.id, latitude: 0 });
  const deleted = await post(test, "zones/delete", { id: work.id });
  const twice = await post(test, "zones/delete", { id: work.id });

  assert.deepEqual(created.answer.zones.length, 1);
  const { id, created_at } = zone;
  assert.deepEqual(zone, { id, ...HOME, created_at });
  const expected = { ...zone, name: "My home", radius: 500 };
  assert.deepEqual(renamed.answer.zones[0], expected);
  assert.deepEqual(moved.answer.zones[0], { ...expected, latitude: 0 });
  assert.deepEqual(deleted.answer.zones, [{ ...expected, latitude: 0 }]);
  assert.deepEqual(
    [twice.status, twice.answer.reason],
    [404, "privacy_zone_not_found"],
  );
  // A zone that moves far gets another shift, and no answer tells it.
  assert.notDeepEqual(await readShifts(test), [shift]);
  assert.doesNotMatch(JSON.stringify(moved.answer), /shift/);
});

Deno.test("privacy zones: each has another shift, also in the same place", async () => {
  await using test = await createAthlete();
  for (let i = 0; i < 5; i++) await post(test, "zones/create", HOME);

  const shifts = await readShifts(test);

  assert.equal(new Set(shifts.map(String)).size, 5);
  for (const [east, north] of shifts) {
    assert.ok(Math.hypot(east, north) <= 0.5);
  }
});

Deno.test("privacy zones: refuse values out of range and other hostile input", async () => {
  await using test = await createAthlete();
  const { answer } = await post(test, "zones/create", HOME);
  const [{ id }] = answer.zones;
  const wrong: [path: string, body: object, field: string][] = [
    ...[
      { latitude: 85.1 },
      { latitude: -90 },
      { latitude: "52.5" },
      { latitude: null },
      { longitude: 180.1 },
      { longitude: 1e400 },
      { radius: 99 },
      { radius: 2001 },
      { radius: 300.5 },
      { name: "" },
      { name: "   " },
      { name: "a\nb" },
      { name: "a\0b" },
      { name: "a".repeat(101) },
    ].flatMap((change): [string, object, string][] => {
      const field = Object.keys(change)[0]!;
      return [
        ["zones/create", { ...HOME, ...change }, field],
        ["zones/update", { id, ...change }, field],
      ];
    }),
    ["zones/create", { ...HOME, name: undefined }, "name"],
    ["zones/create", { ...HOME, shift_east: 0 }, "shift_east"],
    ["zones/update", { id: -1 }, "id"],
    ["zones/update", { id: "1; --" }, "id"],
    ["zones/delete", {}, "id"],
    ["update", { hidden_start: 1601 }, "hidden_start"],
    ["update", { hidden_end: -1 }, "hidden_end"],
    ["update", { show_maps: "yes" }, "show_maps"],
    ["update", { maps: true }, "maps"],
  ];
  for (const [path, body, field] of wrong) {
    const at = `${path} ${JSON.stringify(body)}`;
    const refused = await post(test, path, body);

    assert.deepEqual(
      [refused.status, refused.answer.reason],
      [400, "invalid_input"],
      at,
    );
    assert.equal(refused.answer.issues[0].path, field, at);
  }
  assert.deepEqual(await read(test), answer);
});

Deno.test("privacy zones: are bounded, also if they are created at once", async () => {
  await using test = await createAthlete();

  const results = await Promise.all(
    Array.from(
      { length: MAX_PRIVACY_ZONES + 5 },
      (_, i) => post(test, "zones/create", { ...HOME, name: `Zone ${i}` }),
    ),
  );

  const refused = results.filter(({ status }) => status !== 200);
  assert.equal(refused.length, 5);
  for (const { status, answer } of refused) {
    assert.deepEqual([status, answer.reason], [409, "too_many_privacy_zones"]);
  }
  assert.equal((await read(test)).zones.length, MAX_PRIVACY_ZONES);
});

Deno.test("privacy: is for the owner, with a session or the scope admin", async () => {
  await using test = await createTestApp({ synced: true });
  const ada = await insertCaller(test, "ada");
  const eve = await insertCaller(test, "eve");
  await giveAthlete(test, { user: ada, athleteId: ATHLETE_ID });
  const key = async (scopes: readonly string[]) =>
    (await insertKey(test, { user: ada, scopes })).headers;
  const ask = async (headers: Record<string, string>): Promise<unknown[]> => {
    const responses = await Promise.all([
      test.get(`/api/privacy?athlete=${ATHLETE_ID}`, { headers }),
      test.post(
        "/api/privacy/zones/create",
        json({ ...HOME, athlete: ATHLETE_ID }, headers),
      ),
    ]);
    return await Promise.all(responses.map(async (each) => {
      const text = await each.text();
      assert.ok(each.ok || !text.includes("52.5"));
      return each.status;
    }));
  };

  assert.deepEqual(await ask(ada.headers), [200, 200]);
  assert.deepEqual(await ask(await key(["admin"])), [200, 200]);
  const private_ = await key(["activities:read_private", "activities:write"]);
  assert.deepEqual(await ask(private_), [403, 403]);
  assert.deepEqual(await ask(eve.headers), [404, 404]);
  assert.deepEqual(await ask({}), [401, 401]);
});

Deno.test("privacy zones: a zone of another athlete cannot be changed by its id", async () => {
  await using test = await createAthlete();
  const { answer } = await post(test, "zones/create", HOME);
  const [{ id }] = answer.zones;
  const other = await createFileAthlete(test);

  const changed = await post(test, "zones/update", {
    athlete: other,
    id,
    name: "Mine",
  });
  const deleted = await post(test, "zones/delete", { athlete: other, id });

  assert.deepEqual([changed.status, deleted.status], [404, 404]);
  const { athleteId } = test;
  const kept = await test.get(`/api/privacy?athlete=${athleteId}`, {
    key: true,
  });
  assert.deepEqual(await kept.json(), answer);
});

Deno.test("privacy: each change makes another version, a refused one none", async () => {
  await using test = await createAthlete();
  const readVersion = async (): Promise<number> => {
    const [row] = await test.deps.sql<{ version: number }[]>`
      select data_version as version from sync_state
    `;
    return row!.version;
  };
  const version = await readVersion();

  await post(test, "zones/create", HOME);
  const [{ id }] = (await read(test)).zones;
  await post(test, "zones/update", { id, radius: 400 });
  await post(test, "update", { hidden_start: 1 });
  await post(test, "zones/delete", { id });
  await post(test, "zones/delete", { id });

  assert.equal(await readVersion(), version + 4);
});
