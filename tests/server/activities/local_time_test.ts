import assert from "node:assert/strict";
import {
  localDate,
  localDayEnd,
  localMonth,
  localYear,
  type Place,
} from "../../../server/activities/local_time.ts";

function place(timezone: string | null, utcOffset: number | null): Place {
  return { timezone, utcOffset };
}

Deno.test("localMonth: returns the local month east and west of UTC", () => {
  const now = Date.parse("2025-12-31T18:30:00Z");
  assert.equal(localMonth(now, place("Asia/Tokyo", 32_400)), "2026-01");
  assert.equal(
    localMonth(now, place("America/Los_Angeles", -28_800)),
    "2025-12",
  );
  const early = Date.parse("2026-01-01T02:00:00Z");
  assert.equal(
    localMonth(early, place("America/New_York", -18_000)),
    "2025-12",
  );
});

Deno.test("localYear: returns the local year", () => {
  const now = Date.parse("2025-12-31T18:30:00Z");
  assert.equal(localYear(now, place("Asia/Tokyo", 32_400)), 2026);
  assert.equal(localYear(now, place("Europe/Berlin", 3600)), 2025);
  assert.equal(localYear(now, place(null, null)), 2025);
});

Deno.test("localMonth: applies daylight saving time of the zone", () => {
  // 22:30 UTC is after midnight in summer time. The last offset is from the winter.
  const now = Date.parse("2026-06-30T22:30:00Z");
  assert.equal(localMonth(now, place("Europe/Berlin", 3600)), "2026-07");
  assert.equal(localMonth(now, place("Europe/London", 0)), "2026-06");
  const winter = Date.parse("2026-01-31T22:30:00Z");
  assert.equal(localMonth(winter, place("Europe/Berlin", 7200)), "2026-01");
});

Deno.test("localMonth: changes at the first millisecond of a month", () => {
  const berlin = place("Europe/Berlin", 3600);
  const start = Date.parse("2025-11-30T23:00:00Z");
  assert.equal(localMonth(start - 1, berlin), "2025-11");
  assert.equal(localMonth(start, berlin), "2025-12");
});

Deno.test("localMonth: uses the last offset if the zone is unknown", () => {
  const now = Date.parse("2025-12-31T18:30:00Z");
  const odd = [null, "", "Factory", "Etc/Unknown", "GMT+9", "x".repeat(10_000)];
  for (const timezone of odd) {
    assert.equal(
      localMonth(now, place(timezone, 32_400)),
      "2026-01",
      timezone ?? "null",
    );
    assert.equal(localMonth(now, place(timezone, -32_400)), "2025-12");
  }
});

Deno.test("localMonth: uses UTC without zone and offset", () => {
  const start = Date.parse("2026-01-01T00:00:00Z");
  assert.equal(localMonth(start - 1, place(null, null)), "2025-12");
  assert.equal(localMonth(start, place(null, null)), "2026-01");
});

Deno.test("localDate: returns the day of each moment, in whatever order", () => {
  const berlin = place("Europe/Berlin", 3600);
  const moments: [string, string][] = [
    ["2026-03-28T22:59:59.999Z", "2026-03-28"],
    ["2026-03-28T23:00:00Z", "2026-03-29"],
    ["2026-03-29T21:59:59.999Z", "2026-03-29"],
    ["2026-03-29T22:00:00Z", "2026-03-30"],
    ["2026-03-28T23:00:00Z", "2026-03-29"],
    ["2026-03-28T22:59:59.999Z", "2026-03-28"],
  ];
  for (const [moment, day] of moments) {
    assert.equal(localDate(Date.parse(moment), berlin), day, moment);
  }
});

Deno.test("localDayEnd: returns the next midnight, also when the clocks change", () => {
  const end = (moment: string, at: Place): string =>
    new Date(localDayEnd(Date.parse(moment), at)).toISOString();
  const berlin = place("Europe/Berlin", 3600);
  assert.equal(end("2026-03-29T12:00Z", berlin), "2026-03-29T22:00:00.000Z");
  assert.equal(end("2026-10-25T12:00Z", berlin), "2026-10-25T23:00:00.000Z");
  // In Havana the clocks change at midnight: 2026-03-08 has no 00:00.
  const havana = place("America/Havana", -18_000);
  assert.equal(end("2026-03-07T12:00Z", havana), "2026-03-08T05:00:00.000Z");
  const offset = place(null, 20_700);
  assert.equal(end("2026-03-29T12:00Z", offset), "2026-03-29T18:15:00.000Z");
});
