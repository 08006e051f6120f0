import { toDate, toDay, weekdayOf } from "./days.ts";

/** Consecutive days, weeks or months with an activity in each. */
export interface Streak {
  /** How many days, weeks or months. */
  length: number;
  /** First local day of the first of them. */
  start: string;
  /** Last local day of the last of them. */
  end: string;
}

/** The longest, and the one that still goes on; where none does, `reason` says why. */
export interface Streaks {
  longest: Streak | null;
  current: Streak | null;
  reason: "no_activity" | "ended" | null;
}

/** A kind of period as whole numbers in a row, and the first local day of each. */
interface Calendar {
  indexOf(date: string): number;
  startOf(index: number): string;
}

const DAYS: Calendar = { indexOf: toDay, startOf: toDate };

const WEEKS: Calendar = {
  indexOf: (date) => {
    const day = toDay(date);
    return (day - weekdayOf(day) + 4) / 7; // of the Thursday, the first of which was day 0
  },
  startOf: (index) => toDate(index * 7 - 3),
};

const MONTHS: Calendar = {
  indexOf: (date) => Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7)),
  startOf: (index) => {
    const year = String(Math.floor((index - 1) / 12)).padStart(4, "0");
    return `${year}-${String((index - 1) % 12 + 1).padStart(2, "0")}-01`;
  },
};

/**
 * Streaks of local days, ISO weeks and months from the days that have activities, oldest first. A
 * streak is current while its last period is this one or the one before; of equally long ones the
 * first counts.
 */
export function readStreaks(
  dates: readonly string[],
  { today }: { today: string },
): Record<"day" | "week" | "month", Streaks> {
  return {
    day: readBy(DAYS, dates, today),
    week: readBy(WEEKS, dates, today),
    month: readBy(MONTHS, dates, today),
  };
}

interface Run {
  first: number;
  last: number;
}

function readBy(
  calendar: Calendar,
  dates: readonly string[],
  today: string,
): Streaks {
  let longest: Run | undefined;
  let run: Run | undefined;
  for (const date of dates) {
    const index = calendar.indexOf(date);
    if (run && index <= run.last + 1) run.last = index;
    else run = { first: index, last: index };
    if (!longest || lengthOf(run) > lengthOf(longest)) longest = { ...run };
  }
  if (!longest || !run) {
    return { longest: null, current: null, reason: "no_activity" };
  }
  const goesOn = run.last >= calendar.indexOf(today) - 1;
  return {
    longest: toStreak(calendar, longest),
    current: goesOn ? toStreak(calendar, run) : null,
    reason: goesOn ? null : "ended",
  };
}

function lengthOf({ first, last }: Run): number {
  return last - first + 1;
}

function toStreak(calendar: Calendar, run: Run): Streak {
  return {
    length: lengthOf(run),
    start: calendar.startOf(run.first),
    end: toDate(toDay(calendar.startOf(run.last + 1)) - 1),
  };
}
