import assert from "node:assert/strict";
import {
  countDays,
  endToday,
  findSpan,
  intersectSpans,
  resolveWindow,
  subtractMonths,
} from "../../../../server/stats/compute/spans.ts";

Deno.test("findSpan: finds the week, month and year of a day", () => {
  assert.deepEqual(findSpan("week", "2026-11-20"), {
    from: "2026-11-16",
    to: "2026-11-22",
  });
  assert.deepEqual(findSpan("week", "2027-01-03"), {
    from: "2026-12-28",
    to: "2027-01-03",
  });
  for (
    const [date, to] of [
      ["2024-02-29", "2024-02-29"],
      ["2025-02-01", "2025-02-28"],
      ["2100-02-10", "2100-02-28"],
      ["2026-11-30", "2026-11-30"],
      ["2026-12-31", "2026-12-31"],
    ] as const
  ) {
    const from = `${date.slice(0, 7)}-01`;
    assert.deepEqual(findSpan("month", date), { from, to });
  }
  assert.deepEqual(findSpan("year", "2024-06-01"), {
    from: "2024-01-01",
    to: "2024-12-31",
  });
});

Deno.test("countDays: counts both ends, over clock changes and leap days", () => {
  assert.equal(countDays({ from: "2025-03-30", to: "2025-03-30" }), 1);
  assert.equal(countDays({ from: "2025-03-29", to: "2025-03-31" }), 3);
  assert.equal(countDays(findSpan("year", "2024-01-01")), 366);
  assert.equal(countDays(findSpan("year", "2025-01-01")), 365);
});

Deno.test("subtractMonths: returns the same day, or the last of a shorter month", () => {
  assert.equal(subtractMonths("2024-02-29", 12), "2023-02-28");
  assert.equal(subtractMonths("2025-02-28", 12), "2024-02-28");
  assert.equal(subtractMonths("2025-03-31", 1), "2025-02-28");
  assert.equal(subtractMonths("2025-01-15", 1), "2024-12-15");
  assert.equal(subtractMonths("2025-01-31", 2), "2024-11-30");
});

Deno.test("resolveWindow: ends weeks today, and returns the whole year", () => {
  assert.deepEqual(resolveWindow("all", "2026-11-20"), {});
  assert.deepEqual(resolveWindow("year", "2026-11-20"), {
    from: "2026-01-01",
    to: "2026-12-31",
  });
  assert.deepEqual(resolveWindow("4w", "2026-11-20"), {
    from: "2026-10-24",
    to: "2026-11-20",
  });
  assert.deepEqual(resolveWindow("52w", "2026-11-20"), {
    from: "2025-11-22",
    to: "2026-11-20",
  });
});

Deno.test("intersectSpans: returns the later start and the earlier end", () => {
  const year = { from: "2025-01-01", to: "2025-12-31" };
  assert.deepEqual(intersectSpans({}, year), year);
  assert.deepEqual(intersectSpans(year, {}), year);
  assert.deepEqual(intersectSpans({ from: "2025-06-01" }, year), {
    from: "2025-06-01",
    to: "2025-12-31",
  });
  assert.deepEqual(intersectSpans(year, { to: "2025-02-01" }), {
    from: "2025-01-01",
    to: "2025-02-01",
  });
  assert.deepEqual(intersectSpans({}, { to: "2025-02-01" }), {
    from: undefined,
    to: "2025-02-01",
  });
});

Deno.test("endToday: ends a span today only if today lies in it", () => {
  const year = { from: "2026-01-01", to: "2026-12-31" };
  assert.deepEqual(endToday(year, "2026-11-20"), { ...year, to: "2026-11-20" });
  assert.equal(endToday(year, "2026-12-31"), year);
  assert.equal(endToday(year, "2025-12-31"), year);
  assert.equal(endToday(year, "2027-01-01"), year);
  assert.deepEqual(endToday({}, "2026-11-20"), { to: "2026-11-20" });
});
