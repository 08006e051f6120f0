/** Plain counts as in `oracle.ts`, for the statistics of days. */
import {
  COUNTED_DAYS,
  dayOf,
  daysBetween,
  nameOf,
  sportOf,
  sportsOf,
  type Total,
  totalOf,
  weekdayOf,
  weekOf,
  type WeekStart,
} from "./oracle.ts";
import type { ExpectedLoad } from "./oracle_loads.ts";
import { inOrder, type RawActivity } from "./raw_days.ts";

/** Expects streaks by a loop over every counted day. */
export function expectStreaks(
  activities: readonly RawActivity[],
  today: string,
  week: WeekStart = "monday",
): unknown {
  const active = new Set(activities.map(dayOf).filter((day) => day <= today));
  const read = (periodOf: (date: string) => string): unknown => {
    const periods: { name: string; days: string[] }[] = [];
    for (const day of COUNTED_DAYS) {
      const last = periods.at(-1);
      if (last?.name === periodOf(day)) last.days.push(day);
      else periods.push({ name: periodOf(day), days: [day] });
    }
    const streaks: { length: number; start: string; end: string }[] = [];
    let isOn = false;
    let current: unknown = null;
    let passed = 0;
    for (const { name, days } of periods) {
      if (days.some((day) => active.has(day))) {
        const end = days.at(-1)!;
        const last = streaks.at(-1);
        if (isOn && last) {
          last.length++;
          last.end = end;
        } else streaks.push({ length: 1, start: days[0]!, end });
        isOn = true;
        passed = 0;
      } else {
        isOn = false;
        passed++;
      }
      if (name === periodOf(today) && passed < 2) {
        current = { ...streaks.at(-1) };
      }
    }
    if (streaks.length === 0) {
      return { longest: null, current: null, reason: "no_activity" };
    }
    const greatest = Math.max(...streaks.map(({ length }) => length));
    return {
      longest: streaks.find(({ length }) => length === greatest),
      current,
      reason: current ? null : "ended",
    };
  };
  return {
    day: read((date) => date),
    week: read((date) => weekOf(date, week)),
    month: read((date) => date.slice(0, 7)),
  };
}

/**
 * Expects the days of a year that have activities, with their levels. `loads` come from
 * `expectLoads`.
 */
export function expectCalendar(
  activities: readonly RawActivity[],
  { year, today = "9999-12-31", loads }: {
    year: number;
    today?: string;
    loads: ReadonlyMap<string, ExpectedLoad>;
  },
): unknown {
  const days = daysBetween(`${year}-01-01`, `${year}-12-31`).map((date) => ({
    date,
    ...totalOf(activities.filter((a) => dayOf(a) === date)),
    load: Math.round((loads.get(date)?.load ?? 0) * 1e6) / 1e6,
    load_source: loads.get(date)?.source,
  })).filter(({ date, count }) => {
    return count > 0 && (date <= today || year > Number(today.slice(0, 4)));
  });
  const times = days.map(({ moving_time }) => moving_time).filter((t) => t > 0)
    .sort((a, b) => a - b);
  // The shortest time that at least this part of the days does not exceed.
  const quartiles = [1, 2, 3].map((part) =>
    times.find((time) =>
      times.filter((t) => t <= time).length * 4 >= times.length * part
    )!
  );
  return {
    year,
    days: days.map((day) => ({
      ...day,
      level: day.moving_time === 0
        ? 0
        : day.moving_time > quartiles[2]!
        ? 4
        : day.moving_time > quartiles[1]!
        ? 3
        : day.moving_time > quartiles[0]!
        ? 2
        : 1,
    })),
    quartiles: times.length > 0 ? quartiles : null,
  };
}

/** Expects the running sums, counted from 1 January for each day. */
export function expectCumulative(
  activities: readonly RawActivity[],
  { today, metric = "distance", years }: {
    today: string;
    metric?: keyof Total;
    years?: readonly string[];
  },
): unknown {
  const days = daysBetween("2024-01-01", "2024-12-31").map((d) => d.slice(5));
  const sums: Record<string, (number | null)[]> = {};
  const all = [today, ...activities.map(dayOf)].map((day) => day.slice(0, 4));
  const shown = all.filter((year) => year <= today.slice(0, 4));
  for (const year of years ?? shown) {
    const own = activities.filter((a) => dayOf(a).startsWith(year));
    sums[year] = days.map((day) =>
      `${year}-${day}` > today
        ? null
        : totalOf(own.filter((a) => dayOf(a).slice(5) <= day))[metric]
    );
  }
  return { metric, days, years: sums };
}

const WIDTH: Record<string, number> = { run: 5000, ride: 20_000, swim: 1000 };

/** Expects the distribution by one filter for each part. */
export function expectDistribution(
  activities: readonly RawActivity[],
  week: WeekStart = "monday",
): unknown {
  const timeOf = (a: RawActivity): string => a.start_date_local.slice(11, 19);
  const isKnown = (a: RawActivity): boolean => timeOf(a) !== "00:00:01";
  const weekdays = new Map(
    activities.map((a) => [dayOf(a), weekdayOf(dayOf(a))]),
  );
  return {
    weekdays:
      (week === "monday" ? [1, 2, 3, 4, 5, 6, 7] : [7, 1, 2, 3, 4, 5, 6]).map((
        weekday,
      ) => ({
        weekday,
        ...totalOf(
          activities.filter((a) => weekdays.get(dayOf(a)) === weekday),
        ),
      })),
    hours: Array.from({ length: 24 }, (_, hour) => ({
      hour,
      ...totalOf(
        activities.filter((a) =>
          isKnown(a) && timeOf(a).startsWith(String(hour).padStart(2, "0"))
        ),
      ),
    })),
    unknown_hour: totalOf(activities.filter((a) => !isKnown(a))),
    sports: sportsOf(activities).map((sport) => {
      const own = activities.filter((a) => sportOf(a) === sport);
      const width = WIDTH[sport] ?? 5000;
      const bands: unknown[] = [];
      const farthest = Math.max(...own.map((a) => a.distance));
      for (let from = 0; from <= farthest; from += width) {
        const to = from + width;
        const inside = own.filter((a) => a.distance >= from && a.distance < to);
        if (inside.length > 0) bands.push({ from, to, ...totalOf(inside) });
      }
      return { sport, ...totalOf(own), band_width: width, bands };
    }),
  };
}

const STEPS = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8].flatMap((power) => [
  power,
  2 * power,
  5 * power,
]);

/** Expects for each round number the first activity up to which the sum reaches it. */
export function expectMilestones(
  activities: readonly RawActivity[],
): unknown {
  const own = inOrder(activities);
  const sums = own.map((_, index) => totalOf(own.slice(0, index + 1)));
  const read = (
    first: number,
    measure: keyof Total,
    unit: number,
  ): unknown => {
    const steps = STEPS.filter((step) => step >= first);
    const isReached = (step: number) => (sum: Total): boolean =>
      sum[measure] >= step * unit;
    const reached = steps.filter((step) => sums.some(isReached(step)));
    const total = Math.floor((sums.at(-1)?.[measure] ?? 0) / unit * 10) / 10;
    const next = steps[reached.length]!;
    return {
      total,
      reached: reached.map((value) => {
        const activity = own[sums.findIndex(isReached(value))]!;
        return { value, date: dayOf(activity), activity: nameOf(activity) };
      }),
      next: {
        value: next,
        remaining: Number((next - total).toFixed(1)),
      },
    };
  };
  return {
    distance_km: read(10, "distance", 1000),
    distance_mi: read(10, "distance", 1609.344),
    moving_time_hours: read(10, "moving_time", 3600),
    elevation_gain_m: read(100, "elevation_gain", 1),
    count: read(1, "count", 1),
  };
}

/** Expects the sums of each gear, greatest distance first, with the days of visible activities. */
export function expectGear(
  activities: readonly (RawActivity & { gear_id?: string | null })[],
  { isVisible, today }: {
    isVisible: (activity: RawActivity) => boolean;
    today: string;
  },
): { id: string; distance: number; last_used: string | null }[] {
  const ids = new Set(activities.map(({ gear_id }) => gear_id || null));
  ids.delete(null);
  return [...ids].map((id) => {
    const own = activities.filter(({ gear_id }) => gear_id === id);
    const { count, distance, moving_time } = totalOf(own);
    const seen = own.filter(isVisible).map(dayOf).sort();
    const past = seen.filter((day) => day <= today);
    const first_used = seen[0] ?? null;
    const last_used = past.at(-1) ?? seen.at(-1) ?? null;
    return { id: id!, distance, moving_time, count, first_used, last_used };
  }).sort((a, b) => b.distance - a.distance || (a.id < b.id ? -1 : 1));
}
