import { toDate, toDayNumber, toWeekNumber, type WeekOptions } from "./days.ts";
import { findWeek } from "./spans.ts";

/** Consecutive days, weeks or months with an activity in each. */
export interface Streak {
  /** Number of days, weeks or months. */
  length: number;
  /** First local day of the first period. */
  start: string;
  /** Last local day of the last period. */
  end: string;
}

/** The longest streak and the current one. If no streak is current, `reason` says why. */
export interface Streaks {
  longest: Streak | null;
  current: Streak | null;
  reason: "no_activity" | "ended" | null;
}

/** A kind of period, numbered consecutively, with the first local day of each period. */
interface Calendar {
  indexOf(date: string): number;
  startOf(index: number): string;
}

const DAYS: Calendar = { indexOf: toDayNumber, startOf: toDate };

function createWeeks(options: WeekOptions): Calendar {
  return {
    indexOf: (date) => toWeekNumber(toDayNumber(date), options),
    startOf: (index) => findWeek(index, options).from,
  };
}

const MONTHS: Calendar = {
  indexOf: (date) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)),
  startOf: (index) => {
    const year = String(Math.floor((index - 1) / 12)).padStart(4, "0");
    return `${year}-${String((index - 1) % 12 + 1).padStart(2, "0")}-01`;
  },
};

/**
 * Computes the streaks of local days, weeks and months from the days with activities, oldest
 * first. Days after today have not happened and do not count. A streak is current while its last
 * period is the current one or the one before. On a tie the earlier streak is the longest.
 */
export function computeStreaks(
  dates: readonly string[],
  { today, weekStart }: WeekOptions & { today: string },
): Record<"day" | "week" | "month", Streaks> {
  const past = dates.filter((date, index) =>
    date <= today && date !== dates[index - 1]
  );
  return {
    day: computeStreaksOf(DAYS, past, today),
    week: computeStreaksOf(createWeeks({ weekStart }), past, today),
    month: computeStreaksOf(MONTHS, past, today),
  };
}

/** Consecutive periods by their numbers. */
interface Periods {
  first: number;
  last: number;
}

function computeStreaksOf(
  calendar: Calendar,
  dates: readonly string[],
  today: string,
): Streaks {
  let longest: Periods | undefined;
  let latest: Periods | undefined;
  for (const date of dates) {
    const index = calendar.indexOf(date);
    if (latest && index <= latest.last + 1) latest.last = index;
    else latest = { first: index, last: index };
    if (!longest || countPeriods(latest) > countPeriods(longest)) {
      longest = { ...latest };
    }
  }
  if (!longest || !latest) {
    return { longest: null, current: null, reason: "no_activity" };
  }
  const isCurrent = latest.last >= calendar.indexOf(today) - 1;
  return {
    longest: createStreak(calendar, longest),
    current: isCurrent ? createStreak(calendar, latest) : null,
    reason: isCurrent ? null : "ended",
  };
}

function countPeriods({ first, last }: Periods): number {
  return last - first + 1;
}

function createStreak(calendar: Calendar, periods: Periods): Streak {
  return {
    length: countPeriods(periods),
    start: calendar.startOf(periods.first),
    end: toDate(toDayNumber(calendar.startOf(periods.last + 1)) - 1),
  };
}
