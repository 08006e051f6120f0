import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { upsertActivities } from "../../../db/activities.ts";
import { createActivity } from "../../../strava_simulator/fixtures.ts";
import {
  type ParsedPage,
  parsePage,
} from "../../../server/sync/parse_activity.ts";
import { ATHLETE_ID, createTestApp, NOW } from "../../support/app.ts";
import { createTestDatabase } from "../../support/database.ts";
import { connectWithoutSync, sync } from "../../support/sync.ts";

const USUAL = createActivity({ id: 7 }, ATHLETE_ID);

/** Parses a usual activity with some fields changed, or left out if undefined. */
function parse(changes: Record<string, unknown>): ParsedPage {
  return parsePage([JSON.parse(JSON.stringify({ ...USUAL, ...changes }))]);
}

Deno.test("parsePage: returns the columns of an activity and its complete raw JSON", () => {
  const item = {
    ...USUAL,
    sport_type: "TrailRun",
    start_date: "2025-07-01T22:30:00Z",
    start_date_local: "2025-07-01T18:30:00Z",
    timezone: "(GMT-05:00) America/New_York",
    utc_offset: -14400.0,
    average_heartrate: 151.5,
    max_heartrate: 181,
    suffer_score: 87.0,
    workout_type: 30,
    gear_id: "g1",
    unheard_of: { of: ["before"] },
  };

  const { activities, skipped } = parsePage([item]);

  assert.deepEqual(skipped, []);
  const [{ json, raw, ...columns } = { json: "", raw: "" }] = activities;
  assert.equal(raw, JSON.stringify(item));
  assert.deepEqual(JSON.parse(json), columns);
  assert.deepEqual(columns, {
    id: 7,
    name: "Morning Run",
    type: "Run",
    sport_type: "TrailRun",
    start_date: "2025-07-01T22:30:00.000Z",
    start_date_local: "2025-07-01T18:30:00",
    utc_offset: -14400,
    timezone: "America/New_York",
    distance: 10_000,
    moving_time: 3600,
    elapsed_time: 3600,
    total_elevation_gain: 0,
    average_speed: 2.778,
    max_speed: 2.778,
    average_heartrate: 151.5,
    max_heartrate: 181,
    suffer_score: 87,
    heartrate_opt_out: false,
    kudos_count: 0,
    visibility: "everyone",
    gear_id: "g1",
    workout_type: 30,
    trainer: false,
    commute: false,
    manual: false,
    content_hash: createHash("sha256").update(raw).digest("hex"),
  });
});

const SKIPPED: [
  name: string,
  changes: Record<string, unknown>,
  id?: string,
][] = [
  ["no id", { id: undefined }, "unknown"],
  ["an id of null", { id: null }, "unknown"],
  ["an id beyond 2^53", { id: 2 ** 60 }, "1152921504606846976"],
  ["an id of 0", { id: 0 }, "0"],
  ["a fractional id", { id: 1.5 }, "1.5"],
  ["an id of 0 as text", { id: "0" }, "0"],
  ["an id beyond 2^53 as text", { id: "9007199254740993" }, "9007199254740993"],
  ["a very long id", { id: "7".repeat(5000) }, "7".repeat(64)],
  ["no start", { start_date: undefined }],
  ["a start of null", { start_date: null }],
  ["an invalid start", { start_date: "yesterday" }],
  ["a start on 30 February", { start_date: "2025-02-30T10:00:00Z" }],
  ["a start in the year 0", { start_date: "0000-06-01T10:00:00Z" }],
  ["a start in the year 0 in UTC", {
    start_date: "0001-01-01T00:30:00+01:00",
  }],
  ["a start in the year 10000 in UTC", {
    start_date: "9999-12-31T23:30:00-01:00",
  }],
  ["no local start", { start_date_local: undefined }],
  ["a local start on 31 June", { start_date_local: "2025-06-31T10:00:00Z" }],
  ["a local start at 25:00", { start_date_local: "2025-06-30T25:00:00Z" }],
  ["a local start in the year 0", { start_date_local: "0000-06-30T10:00:00" }],
  ["a distance of 1e300", { distance: 1e300 }],
  ["a time of 1e10 seconds", { moving_time: 1e10 }],
  ["a distance with its unit", { distance: "10 km" }],
  ["a distance with a comma", { distance: "10,5" }],
  ["a hexadecimal distance", { distance: "0x10" }],
  ["an infinite distance", { distance: "1e400" }],
  ["a list for a distance", { distance: ["10"] }],
  ["a word for a flag", { private: "yes" }],
  ["an empty text for a flag", { private: "" }],
  ["another number for a flag", { private: 2 }],
  ["an object for a name", { name: { en: "Run" } }],
];

for (const [name, changes, id = "7"] of SKIPPED) {
  Deno.test(`parsePage: skips only an activity with ${name}`, () => {
    const field = Object.keys(changes)[0]!;
    const bad = JSON.parse(JSON.stringify({ ...USUAL, ...changes }));

    const { activities, skipped } = parsePage([bad, { ...USUAL, id: 8 }]);

    assert.deepEqual(activities.map(({ id }) => id), [8]);
    assert.equal(skipped.length, 1);
    assert.equal(skipped[0]!.id, id);
    assert.ok(skipped[0]!.reason.startsWith(`${field}: `), skipped[0]!.reason);
  });
}

Deno.test("parsePage: skips items that are not objects", () => {
  const { activities, skipped } = parsePage([null, "text", 7, [], {}]);
  assert.deepEqual(activities, []);
  assert.deepEqual(skipped.map(({ id }) => id), Array(5).fill("unknown"));
});

Deno.test("parsePage: keeps the last item of a repeated id", () => {
  const { activities } = parsePage([USUAL, { ...USUAL, name: "Later" }]);
  assert.deepEqual(activities.map(({ id, name }) => [id, name]), [[
    7,
    "Later",
  ]]);
});

const KEPT: [
  name: string,
  changes: Record<string, unknown>,
  expected: Record<string, unknown>,
][] = [
  ["an unknown sport", { sport_type: "Quidditch", type: undefined }, {
    sport_type: "Quidditch",
    type: "Quidditch",
  }],
  [
    "an unknown sport with its type",
    { sport_type: "Quidditch", type: "Ball" },
    {
      sport_type: "Quidditch",
      type: "Ball",
    },
  ],
  ["only a type, as before 2022", { sport_type: undefined, type: "Ride" }, {
    sport_type: "Ride",
    type: "Ride",
  }],
  ["no type", { sport_type: "GravelRide", type: null }, {
    sport_type: "GravelRide",
    type: "Ride",
  }],
  ["neither sport_type nor type", { sport_type: "", type: null }, {
    sport_type: "Workout",
    type: "Workout",
  }],
  ["a name of null", { name: null }, { name: "" }],
  ["no name", { name: undefined }, { name: "" }],
  ["`private` without visibility", { visibility: undefined, private: true }, {
    visibility: "only_me",
  }],
  ["`private` of false without visibility", {
    visibility: null,
    private: false,
  }, {
    visibility: "everyone",
  }],
  ["visibility that contradicts `private`", {
    visibility: "followers_only",
    private: true,
  }, { visibility: "followers_only" }],
  ["an unknown visibility", { visibility: "club" }, { visibility: "club" }],
  ["seconds with a fraction", { moving_time: 99.6, elapsed_time: 474287.0 }, {
    moving_time: 100,
    elapsed_time: 474287,
  }],
  ["amounts of null", { distance: null, kudos_count: null, max_speed: null }, {
    distance: 0,
    kudos_count: 0,
    max_speed: 0,
  }],
  ["its id as text", { id: "7" }, { id: 7 }],
  ["amounts as text", {
    distance: "10000.5",
    moving_time: " 3600 ",
    total_elevation_gain: "-1.5",
    average_speed: "2.7e0",
    average_heartrate: "",
    kudos_count: "3",
  }, {
    distance: 10_000.5,
    moving_time: 3600,
    total_elevation_gain: -1.5,
    average_speed: 2.7,
    average_heartrate: null,
    kudos_count: 3,
  }],
  ["flags as text", { manual: "true", trainer: "False", commute: "1" }, {
    manual: true,
    trainer: false,
    commute: true,
  }],
  ["flags as numbers", { manual: 1, trainer: 0 }, {
    manual: true,
    trainer: false,
  }],
  ["`private` as text", { visibility: null, private: "true" }, {
    visibility: "only_me",
  }],
  ["a hidden heart rate", { heartrate_opt_out: "true" }, {
    heartrate_opt_out: true,
  }],
  ["a number for a name and a gear id", { name: 5, gear_id: 123 }, {
    name: "5",
    gear_id: "123",
  }],
  ["an unknown workout type", { workout_type: 4711 }, { workout_type: 4711 }],
  ["a workout type beyond an integer", { workout_type: 2 ** 40 }, {
    workout_type: null,
  }],
  ["a score of 0", { suffer_score: 0.0 }, { suffer_score: 0 }],
  ["a score of null", { suffer_score: null }, { suffer_score: null }],
  ["a score below 0", { suffer_score: -1 }, { suffer_score: null }],
  ["an implausible score", { suffer_score: 1e7 }, { suffer_score: null }],
  ["an empty gear id", { gear_id: "" }, { gear_id: null }],
  ["an odd zone", { timezone: "(GMT+00:00) Factory" }, { timezone: "Factory" }],
  ["a zone without offset", { timezone: "US/Eastern" }, {
    timezone: "US/Eastern",
  }],
  ["an offset without zone", { timezone: "(GMT+01:00) " }, { timezone: null }],
  ["no zone", { timezone: undefined }, { timezone: null }],
  ["no utc_offset", {
    utc_offset: undefined,
    start_date: "2025-07-01T22:30:00Z",
    start_date_local: "2025-07-02T04:15:00Z",
  }, { utc_offset: 20_700 }],
  ["an implausible offset", { utc_offset: 1e300 }, { utc_offset: 0 }],
  ["a local time years away, and no offset", {
    utc_offset: null,
    start_date_local: "9999-01-01T00:00:00Z",
  }, { utc_offset: 0 }],
  ["a start in a zone other than Z", {
    start_date: "2025-07-01T22:30:00+23:00",
  }, { start_date: "2025-06-30T23:30:00.000Z" }],
  ["a local start without Z and with fractions", {
    start_date_local: "2025-07-01T18:30:00.25",
  }, { start_date_local: "2025-07-01T18:30:00.25" }],
];

for (const [name, changes, expected] of KEPT) {
  Deno.test(`parsePage: keeps an activity with ${name}`, async () => {
    await using database = await createTestDatabase();
    await database.sql`
      insert into athletes (id, profile, connected_at)
      values (${ATHLETE_ID}, '{}', now())
    `;

    const { activities, skipped } = parse(changes);

    assert.deepEqual(skipped, []);
    const [activity] = activities;
    const columns = Object.keys(expected) as (keyof typeof activity)[];
    assert.deepEqual(
      Object.fromEntries(columns.map((column) => [column, activity![column]])),
      expected,
    );
    const { inserted } = await upsertActivities(database.sql, {
      athleteId: ATHLETE_ID,
      activities,
      now: new Date(NOW),
    });
    assert.equal(inserted, 1);
  });
}

Deno.test("sync: counts and logs the unparsable items of a page and stores the others", async () => {
  await using test = await createTestApp();
  await connectWithoutSync(test);
  const page = [
    USUAL,
    { ...USUAL, name: "The same once more" },
    { ...USUAL, id: 2 ** 60 },
    { ...USUAL, id: 8, start_date: null },
    null,
    "text",
    { ...USUAL, id: 9, name: null },
  ];
  test.strava.faults.inject(
    { kind: "status", status: 200, body: { json: page } },
    { times: 1 },
  );

  const run = await sync(test);

  assert.deepEqual(
    [run.status, run.fetched, run.inserted, run.skipped],
    ["success", 7, 2, 4],
  );
  const rows = await test.deps.sql`select id, name from activities order by id`;
  assert.deepEqual(rows.map((row) => Object.values(row)), [
    [7, "The same once more"],
    [9, ""],
  ]);
  const warnings = test.log.lines.filter(({ level }) => level === "warning");
  assert.deepEqual(
    warnings.map(({ properties }) => properties["id"]),
    ["1152921504606846976", "8", "unknown", "unknown"],
  );
  assert.match(String(warnings[1]?.properties["reason"]), /^start_date: /);
});

Deno.test("sync: stores text without the characters that PostgreSQL cannot hold", async () => {
  const item = {
    ...USUAL,
    name: "Nul \0 and half \ud83d a pair, and a whole 🚲",
    external_id: "\0",
    "key\0": { "\udc00": ["\0\0"] },
  };
  await using test = await createTestApp();
  await connectWithoutSync(test);
  test.strava.faults.inject(
    { kind: "status", status: 200, body: { json: [item] } },
    { times: 1 },
  );

  const run = await sync(test);

  assert.deepEqual([run.status, run.inserted], ["success", 1]);
  const [row] = await test.deps.sql`select name, raw from activities`;
  assert.equal(row?.name, "Nul  and half \ufffd a pair, and a whole 🚲");
  assert.deepEqual([row.raw.external_id, row.raw.key], ["", {
    "\ufffd": [""],
  }]);
});
