import type { DayLoad } from "./load.ts";
import { toDate, toDayNumber } from "./days.ts";

/** The version of the formulas. Increase it with every change of their results. */
export const FORMULA = "paceline-training-load/1";

/** Time constants in days: fitness and fatigue. */
const CTL_DAYS = 42;
const ATL_DAYS = 7;

/** Shares of the gap to the day's load that the averages close in one day. */
const CTL_GAIN = 1 - Math.exp(-1 / CTL_DAYS);
const ATL_GAIN = 1 - Math.exp(-1 / ATL_DAYS);

/** Acute and chronic window of ACWR in days; monotony uses the acute one. */
const WEEK = 7;
const FOUR_WEEKS = 28;

/**
 * Longest series, a century. A watch with a wrong date can record any year, and a load that is a
 * century old adds less to the averages than a double can represent.
 */
const MAX_DAYS = 36_525;

/**
 * A few days with activities before a long pause do not start the series. A watch without a date
 * records 1970 or 2000, and a series from there on would be decades of rest. After ten years without
 * a load nothing is left of fitness and fatigue, so the later days stay the same.
 */
const MAX_STRAYS = 5;
const LONG_PAUSE = 3650;

/** A deviation below this share of the mean is rounding noise of equal loads. */
const NO_SPREAD = 1e-9;

/** A ratio, or the reason why it does not exist. */
type Ratio<Reason> =
  | { value: number; reason: null }
  | { value: null; reason: Reason };

type NoAcwrReason = "too_little_history" | "no_load";
type NoMonotonyReason = NoAcwrReason | "no_variation";

/** A day of the series. Loads and averages are in points of load; ratios have no unit. */
export interface TrainingDay {
  date: string;
  load: number;
  /** The estimated part of the load. */
  estimated: number;
  source: DayLoad["source"] | null;
  ctl: number;
  atl: number;
  tsb: number;
  acwr: Ratio<NoAcwrReason>;
  monotony: Ratio<NoMonotonyReason>;
  strain: number | null;
}

/**
 * Computes the training load of every day from the first day with activities to `today`, including
 * rest days. Stray first days (see {@link findStart}) are left out. With `from` only the days from
 * there on are returned.
 *
 * - CTL (42 days) and ATL (7 days): `X_d = X_{d-1} + (1 - e^(-1/tau)) (L_d - X_{d-1})`, 0 on the
 *   day before the first (Banister's impulse-response model, as Coggan simplified it).
 * - TSB: CTL - ATL of the day before.
 * - ACWR: mean of the last 7 days over the mean of the last 28 (Hulin and others 2014). The 28
 *   days include the 7; `null` in the first 27 days and after 28 days without a load.
 * - Monotony: mean of the last 7 days over their standard deviation (Foster 1998). It is the
 *   deviation of a whole population, because the 7 days are the whole week; `null` in the first 6
 *   days and if the deviation is 0.
 * - Strain: the load of the last 7 days times monotony (Foster 1998).
 */
export function computeTrainingDays(
  loads: readonly DayLoad[],
  { today, from }: { today: string; from?: string },
): TrainingDay[] {
  const end = toDayNumber(today);
  const past: number[] = [];
  const byNumber = new Map<number, DayLoad>();
  for (const day of loads) {
    const number = toDayNumber(day.date);
    if (number > end) continue;
    past.push(number);
    byNumber.set(number, day);
  }
  const first = findStart(past);
  if (first === undefined) return [];
  const start = Math.max(first, end - MAX_DAYS + 1);
  const firstShown = from === undefined ? start : toDayNumber(from);
  const series: number[] = [];
  const days: TrainingDay[] = [];
  let ctl = 0;
  let atl = 0;
  for (let number = start; number <= end; number++) {
    const day = byNumber.get(number);
    const load = day?.load ?? 0;
    const tsb = ctl - atl;
    ctl += CTL_GAIN * (load - ctl);
    atl += ATL_GAIN * (load - atl);
    series.push(load);
    if (number < firstShown) continue;
    const { estimated = 0, source = null } = day ?? {};
    const monotony = computeMonotony(series);
    const strain = monotony.value === null
      ? null
      : sum(series.slice(-WEEK)) * monotony.value;
    days.push({
      ...{ date: toDate(number), load, estimated, source, ctl, atl, tsb },
      ...{ acwr: computeAcwr(series), monotony, strain },
    });
  }
  return days;
}

/**
 * Finds the first day of the series among the numbers of the days with activities, oldest first. At
 * most five days in a row that are followed by a pause of more than ten years are strays.
 */
function findStart(days: readonly number[]): number | undefined {
  let first = 0;
  for (let index = 1; index < days.length; index++) {
    const isPause = days[index]! - days[index - 1]! > LONG_PAUSE;
    if (!isPause) continue;
    if (index - first > MAX_STRAYS) break;
    first = index;
  }
  return days[first];
}

function computeAcwr(series: readonly number[]): Ratio<NoAcwrReason> {
  if (series.length < FOUR_WEEKS) return missing("too_little_history");
  const chronic = sum(series.slice(-FOUR_WEEKS)) / FOUR_WEEKS;
  if (chronic === 0) return missing("no_load");
  const acute = sum(series.slice(-WEEK)) / WEEK;
  return { value: acute / chronic, reason: null };
}

function computeMonotony(series: readonly number[]): Ratio<NoMonotonyReason> {
  if (series.length < WEEK) return missing("too_little_history");
  const week = series.slice(-WEEK);
  const mean = sum(week) / WEEK;
  if (mean === 0) return missing("no_load");
  const deviation = Math.sqrt(
    sum(week.map((load) => (load - mean) ** 2)) / WEEK,
  );
  if (deviation <= NO_SPREAD * mean) return missing("no_variation");
  return { value: mean / deviation, reason: null };
}

function missing<Reason>(reason: Reason): Ratio<Reason> {
  return { value: null, reason };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Computes the estimated share of the load of these days; `null` if they have no load. */
export function computeEstimatedShare(
  days: readonly TrainingDay[],
): number | null {
  const load = sum(days.map((day) => day.load));
  return load === 0 ? null : sum(days.map((day) => day.estimated)) / load;
}
