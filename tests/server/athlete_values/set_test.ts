import assert from "node:assert/strict";
import { MAX_OWN_VALUES } from "../../../sdk/schemas.ts";
import { createTestApp, type TestApp } from "../../support/app.ts";
import {
  listValues,
  postValue,
  setValue,
} from "../../support/athlete_values.ts";
import {
  giveAthlete,
  insertCaller,
  insertKey,
  json,
} from "../../support/callers.ts";
import { createFileAthlete } from "../../support/files.ts";

async function createAthlete(): Promise<TestApp & { athleteId: number }> {
  const test = await createTestApp();
  const athleteId = await createFileAthlete(test);
  return Object.assign(test, { athleteId });
}

async function readVersion({ deps: { sql } }: TestApp): Promise<number> {
  const [row] = await sql<{ version: number }[]>`
    select data_version as version from sync_state
  `;
  return row!.version;
}

const WEIGHT = { kind: "weight", date: "2026-01-10", value: 70.2 };
const ZONES = {
  kind: "heartrate_zones",
  date: "2026-01-11",
  bounds: [120, 140.5, 160],
};

Deno.test("athleteValues.list: is empty for an athlete without values", async () => {
  await using test = await createAthlete();

  assert.deepEqual(await listValues(test), []);
  assert.deepEqual(await listValues(test, "/valid"), []);
});

Deno.test("athleteValues.set: stores, replaces and lists values by kind and date", async () => {
  await using test = await createAthlete();

  const { answer } = await postValue(test, "set", WEIGHT);
  await setValue(test, ZONES);
  await setValue(test, { ...WEIGHT, date: "2025-12-31", value: 71 });
  await setValue(test, { ...WEIGHT, value: 69 });

  assert.deepEqual(answer, { ...WEIGHT, bounds: null, source: "owner" });
  const weights = [
    ["weight", "2025-12-31", 71, "owner"],
    ["weight", "2026-01-10", 69, "owner"],
  ];
  const zones = ["heartrate_zones", "2026-01-11", ZONES.bounds, "owner"];
  assert.deepEqual(await listValues(test), [...weights, zones]);
  assert.deepEqual(await listValues(test, "?kind=weight"), weights);
  assert.deepEqual(await listValues(test, "/valid?date=2025-12-30"), []);
  assert.deepEqual(await listValues(test, "/valid?date=2026-01-09"), [
    weights[0],
  ]);
  assert.deepEqual(await listValues(test, "/valid?date=2026-01-11"), [
    weights[1],
    zones,
  ]);
});

Deno.test("athleteValues.valid: takes the athlete's day if no date is given", async () => {
  await using test = await createAthlete();
  test.clock.now = Date.UTC(2026, 0, 10, 12);
  await setValue(test, WEIGHT);
  await setValue(test, { ...WEIGHT, date: "2026-01-11", value: 80 });

  const response = await test.get("/api/athlete-values/valid", { key: true });

  const { date, data } = await response.json();
  assert.equal(date, "2026-01-10");
  assert.equal(data[0].value, 70.2);
});

Deno.test("athleteValues.set: names the field that does not fit its kind", async () => {
  await using test = await createAthlete();
  const wrong: [body: object, path: string, message: RegExp][] = [
    [{ value: 19.9 }, "value", /between 20 and 300 kg for `weight`/],
    [{ value: 1e9 }, "value", /between 20 and 300 kg/],
    [{ value: "70" }, "value", /./],
    [{ value: undefined }, "value", /is required for `weight`/],
    [{ bounds: [1, 2] }, "bounds", /must be missing for `weight`/],
    [{ kind: "height" }, "kind", /./],
    [{ date: "2026-02-30" }, "date", /./],
    [{ date: "1899-12-31" }, "date", /from 1950-01-01/],
    [{ date: "2026-01-10'; --" }, "date", /./],
    [{ ...ZONES, bounds: undefined }, "bounds", /is required/],
    [{ ...ZONES, bounds: [] }, "bounds", /./],
    [{ ...ZONES, bounds: [140, 120] }, "bounds", /must be ascending/],
    [{ ...ZONES, bounds: [120, 120] }, "bounds", /must be ascending/],
    [{ ...ZONES, bounds: [0, 120] }, "bounds", /between 20 and 250/],
    [{ ...ZONES, bounds: Array(10).fill(0) }, "bounds", /./],
  ];
  for (const [change, path, message] of wrong) {
    const isZones = "kind" in change && change.kind === ZONES.kind;
    const body = { ...isZones ? {} : WEIGHT, ...change };
    const { status, answer } = await postValue(test, "set", body);

    assert.equal(status, 400, JSON.stringify(body));
    const issue = answer.issues.find((each: { path: string }) =>
      each.path.startsWith(path)
    );
    assert.match(issue?.message ?? "", message, JSON.stringify(answer));
  }
  assert.deepEqual(await listValues(test), []);
});

Deno.test("athleteValues.set: bumps the data version only with a change", async () => {
  await using test = await createAthlete();
  const versions = [await readVersion(test)];
  const steps: ["set" | "delete", object][] = [
    ["set", WEIGHT],
    ["set", WEIGHT],
    ["set", { ...WEIGHT, value: 71 }],
    ["delete", { kind: "weight", date: "2026-01-09" }],
    ["delete", { kind: "weight", date: "2026-01-10" }],
    ["delete", { kind: "weight", date: "2026-01-10" }],
  ];
  for (const [path, body] of steps) {
    await postValue(test, path, body);
    versions.push(await readVersion(test));
  }

  const grown = versions.slice(1).map((each, i) => each > versions[i]!);
  assert.deepEqual(grown, [true, false, true, false, true, false]);
});

Deno.test("athleteValues.delete: answers 404 for a value that is not there", async () => {
  await using test = await createAthlete();
  await setValue(test, WEIGHT);
  const ref = { kind: "weight", date: "2026-01-10" };

  const first = await postValue(test, "delete", ref);
  const second = await postValue(test, "delete", ref);

  assert.deepEqual(first.answer, { status: "deleted", ...ref });
  assert.equal(second.status, 404);
  assert.equal(second.answer.reason, "athlete_value_not_found");
});

Deno.test("athleteValues.set: keeps one value when many arrive at once", async () => {
  await using test = await createAthlete();

  await Promise.all(
    Array.from(
      { length: 20 },
      (_, i) => setValue(test, { ...WEIGHT, value: 60 + i }),
    ),
  );

  const values = await listValues(test);
  assert.equal(values.length, 1);
  assert.ok(Number(values[0]![2]) >= 60);
});

Deno.test("athleteValues.set: stops at the greatest number of values of a kind", async () => {
  await using test = await createAthlete();
  await test.deps.sql`
    insert into athlete_values (athlete_id, kind, date, source, value, stored_at)
    select ${test.athleteId}, 'weight', date '1960-01-01' + day, 'owner', 60 + day % 30, now()
    from generate_series(1, ${MAX_OWN_VALUES}) as day
  `;

  const more = await postValue(test, "set", WEIGHT);
  const again = await postValue(test, "set", {
    ...WEIGHT,
    date: "1960-01-02",
  });
  const other = await postValue(test, "set", { ...WEIGHT, kind: "ftp" });

  assert.equal(more.status, 409);
  assert.equal(more.answer.reason, "too_many_athlete_values");
  assert.equal(again.status, 200);
  assert.equal(other.status, 200);
  assert.equal((await listValues(test)).length, MAX_OWN_VALUES + 1);
});

Deno.test("athleteValues: are for the owner, with the scopes athlete:read and athlete:write", async () => {
  await using test = await createAthlete();
  const { athleteId } = test;
  const ada = await insertCaller(test, "ada");
  const bob = await insertCaller(test, "bob");
  await giveAthlete(test, { user: ada, athleteId });
  await test.deps.sql`update athletes set visibility = 'public'`;
  const keyOf = async (...scopes: string[]) =>
    (await insertKey(test, { user: ada, scopes })).headers;
  const set = (headers: Record<string, string>) =>
    test.post("/api/athlete-values/set", json(WEIGHT, headers));
  const list = (headers: Record<string, string>, query = "") =>
    test.get(`/api/athlete-values${query}`, { headers });

  const others = ["stats:read", "activities:read_private", "activities:write"];
  assert.equal((await set(await keyOf(...others))).status, 403);
  assert.equal((await set(await keyOf("athlete:read"))).status, 403);
  assert.equal((await set(await keyOf("athlete:write"))).status, 200);
  assert.equal((await set(ada.headers)).status, 200);
  assert.equal((await list(await keyOf(...others))).status, 403);
  assert.equal((await list(await keyOf("athlete:write"))).status, 403);
  assert.equal((await list(await keyOf("athlete:read"))).status, 200);
  assert.equal((await list(ada.headers)).status, 200);
  const named = `?athlete=${athleteId}`;
  assert.equal((await list({}, named)).status, 401);
  assert.equal((await list(bob.headers, named)).status, 404);
});
