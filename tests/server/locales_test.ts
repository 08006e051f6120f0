import assert from "node:assert/strict";
import { createActivity } from "../../strava_simulator/fixtures.ts";
import { findUser } from "../../db/users.ts";
import { insertUser, openBrowser, PASSWORD } from "../support/accounts.ts";
import { ATHLETE_ID, createTestApp, type TestApp } from "../support/app.ts";
import { createTestDatabase } from "../support/database.ts";

/** Options of `create database` for the locales of servers. */
const LOCALES: Record<string, string> = {
  "C": "encoding 'UTF8' locale 'C'",
  "Turkish":
    "encoding 'UTF8' locale_provider icu icu_locale 'tr-TR' locale 'C'",
  "Lithuanian":
    "encoding 'UTF8' locale_provider icu icu_locale 'lt-LT' locale 'C'",
  "builtin":
    "encoding 'UTF8' locale_provider builtin builtin_locale 'C.UTF-8' locale 'C'",
};

const SPORTS = ["Hike", "HighIntensityIntervalTraining", "InlineSkate", "Ride"];

async function createLocalized(
  locale: string,
  activities: readonly ReturnType<typeof createActivity>[] = [],
): Promise<TestApp> {
  const database = await createTestDatabase({ as: LOCALES[locale] });
  return await createTestApp({ database, activities, synced: true });
}

async function countFound(test: TestApp, query: string): Promise<number> {
  const response = await test.get(`/strava/activities?${query}`, { key: true });
  const body = await response.json();
  assert.equal(response.status, 200, `${query}: ${JSON.stringify(body)}`);
  return body.total;
}

for (const locale of Object.keys(LOCALES)) {
  Deno.test(`GET /strava/activities: finds sports in any case, locale ${locale}`, async () => {
    await using test = await createLocalized(
      locale,
      SPORTS.map((sport_type, index) =>
        createActivity({ id: index + 1, sport_type }, ATHLETE_ID)
      ),
    );

    for (const sport of SPORTS) {
      for (const each of [sport, sport.toLowerCase(), sport.toUpperCase()]) {
        for (const name of ["sport", "activity_type"]) {
          if (`${name}=${each}` === "sport=ride") continue; // the group
          assert.equal(await countFound(test, `${name}=${each}`), 1, each);
        }
      }
    }
    const streaks = await test.get("/strava/stats/streaks?sport=HIKE");
    assert.equal((await streaks.json()).data.day.longest.length, 1);
  });

  Deno.test(`POST /api/auth/login: finds names in any case, locale ${locale}`, async () => {
    await using test = await createLocalized(locale);
    await insertUser(test, { username: "Indigo" });

    for (const name of ["Indigo", "indigo", "INDIGO", "INDIGO@example.COM"]) {
      const response = await openBrowser(test).post("/api/auth/login", {
        body: { username: name, password: PASSWORD },
      });
      assert.equal(response.status, 200, name);
      await response.body?.cancel();
      assert.ok(await findUser(test.deps.sql, { name }), name);
    }
    for (const username of ["indigo", "INDIGO"]) {
      const email = `${username}2@example.com`;
      await assert.rejects(insertUser(test, { username, email }), username);
    }
  });
}

const NAMES = [
  "Утренний забег",
  "아침달리기 한강에서",
  "الجَرْيُ الصباحي ١٠",
  "晨间跑步 5公里",
  "Łódź Maraton",
  "Πρωινός Βόλτας",
  "東京マラソン2026",
  "วิ่งตอนเช้าที่สวน",
  "सुबह की दौड़",
  "京都 東京",
  "INTERVALS Istanbul Ilk",
  "מָרָתוֹן",
];

/** Searches, and the number of the name that each finds. */
const SEARCHES: readonly [string, readonly number[]][] = [
  ["забег", [1]],
  ["ЗАБЕГ", [1]],
  ["달리기", [2]],
  ["한강", [2]],
  ["الجري", [3]],
  ["10", [3]],
  ["١٠", [3]],
  ["晨间跑步", [4]],
  ["跑步", [4]],
  ["步跑", []],
  ["5公里", [4]],
  ["lodz", [5]],
  ["ΒΌΛΤΑΣ", [6]],
  ["βόλτας", [6]],
  ["πρωινοσ", [6]],
  ["マラソン", [7]],
  ["ﾏﾗｿﾝ", [7]],
  ["東京", [7, 10]],
  ["東京 -マラソン", [10]],
  ['"京都 東京"', [10]],
  ['"東京 京都"', []],
  ["東京マラソン or 京都", [7, 10]],
  ["2026", [7]],
  ["東京マラソン2026", [7]],
  ["เช้า", [8]],
  ["สวน", [8]],
  ["दौड़", [9]],
  ["intervals ISTANBUL ilk", [11]],
  ["מרתון", [12]],
];

for (const locale of Object.keys(LOCALES)) {
  Deno.test(`GET /strava/activities?q=: finds names of every script, locale ${locale}`, async () => {
    await using test = await createLocalized(
      locale,
      NAMES.map((name, index) =>
        createActivity({ id: index + 1, name }, ATHLETE_ID)
      ),
    );

    for (const [q, ids] of SEARCHES) {
      const query = new URLSearchParams({ q, limit: "200" });
      const response = await test.get(`/strava/activities?${query}`, {
        key: true,
      });
      const { data } = await response.json();
      const found = data.map(({ id }: { id: number }) => id);
      assert.deepEqual(found.toSorted((a: number, b: number) => a - b), ids, q);
    }
  });
}
