import type { DayLoad } from "./load.ts";
import { toDate, toDay } from "./days.ts";

/** Names the formulas, and grows with any change of what they yield. */
export const FORMULA = "paceline-training-load/1";

/** Time constants in days: fitness and fatigue. */
const CTL_DAYS = 42;
const ATL_DAYS = 7;

/** Windows in days: acute and chronic, as ACWR and monotony have them. */
const WEEK = 7;
const FOUR_WEEKS = 28;

/**
 * A watch that does not know the date writes odd years; what a century ago was loaded weighs less
 * than doubles can tell.
 */
const MAX_DAYS = 36_525;

/** Below this share of the mean a spread is what doubles leave of equal loads. */
const NO_SPREAD = 1e-9;

/** A ratio, or why there is none. */
type Ratio<Reason> =
  | { value: number; reason: null }
  | { value: null; reason: Reason };

type NoAcwr = "too_little_history" | "no_load";
type NoMonotony = NoAcwr | "no_variation";

/** A day of the series; all but the dates are in points of load or without a unit. */
export interface TrainingDay {
  date: string;
  load: number;
  /** The part of the load that is estimated. */
  estimated: number;
  source: DayLoad["source"] | null;
  ctl: number;
  atl: number;
  tsb: number;
  acwr: Ratio<NoAcwr>;
  monotony: Ratio<NoMonotony>;
  strain: number | null;
}

/**
 * The training load of every day from the first with a load to `today`, rest days too.
 *
 * - CTL (42 days) and ATL (7 days): `X_d = X_{d-1} + (1 - e^(-1/tau)) (L_d - X_{d-1})`, 0 on the
 *   day before the first (Banister's impulse-response model, as Coggan simplified it).
 * - TSB: CTL - ATL of the day before.
 * - ACWR: mean of the last 7 days over the mean of the last 28 (Hulin and others 2014), the 7
 *   among the 28; null in the first 27 days and after 28 days without a load.
 * - Monotony: mean of the last 7 days over their standard deviation, that of a whole population
 *   since the 7 days are the week (Foster 1998); null in the first 6 days and where it is 0.
 * - Strain: the load of the last 7 days times monotony (Foster 1998).
 */
export function listTrainingDays(
  loads: readonly DayLoad[],
  { today }: { today: string },
): TrainingDay[] {
  const [first] = loads;
  if (!first) return [];
  const byDate = new Map(loads.map((day) => [day.date, day]));
  const end = toDay(today);
  const start = Math.max(toDay(first.date), end - MAX_DAYS + 1);
  const series: number[] = [];
  const days: TrainingDay[] = [];
  let ctl = 0;
  let atl = 0;
  for (let number = start; number <= end; number++) {
    const date = toDate(number);
    const { load = 0, estimated = 0, source = null } = byDate.get(date) ?? {};
    const tsb = ctl - atl;
    ctl += gain(CTL_DAYS) * (load - ctl);
    atl += gain(ATL_DAYS) * (load - atl);
    series.push(load);
    const monotony = toMonotony(series);
    const strain = monotony.value === null
      ? null
      : sum(series.slice(-WEEK)) * monotony.value;
    days.push({
      ...{ date, load, estimated, source, ctl, atl, tsb },
      ...{ acwr: toAcwr(series), monotony, strain },
    });
  }
  return days;
}

/** How much of the way to the day's load an average with this time constant goes. */
function gain(days: number): number {
  return 1 - Math.exp(-1 / days);
}

function toAcwr(series: readonly number[]): Ratio<NoAcwr> {
  if (series.length < FOUR_WEEKS) return none("too_little_history");
  const chronic = sum(series.slice(-FOUR_WEEKS)) / FOUR_WEEKS;
  if (chronic === 0) return none("no_load");
  const acute = sum(series.slice(-WEEK)) / WEEK;
  return { value: acute / chronic, reason: null };
}

function toMonotony(series: readonly number[]): Ratio<NoMonotony> {
  if (series.length < WEEK) return none("too_little_history");
  const week = series.slice(-WEEK);
  const mean = sum(week) / WEEK;
  if (mean === 0) return none("no_load");
  const deviation = Math.sqrt(
    sum(week.map((load) => (load - mean) ** 2)) / WEEK,
  );
  if (deviation <= NO_SPREAD * mean) return none("no_variation");
  return { value: mean / deviation, reason: null };
}

function none<Reason>(reason: Reason): Ratio<Reason> {
  return { value: null, reason };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The share of the load of these days that is estimated; `null` where they have no load. */
export function toEstimatedShare(days: readonly TrainingDay[]): number | null {
  const load = sum(days.map((day) => day.load));
  return load === 0 ? null : sum(days.map((day) => day.estimated)) / load;
}
