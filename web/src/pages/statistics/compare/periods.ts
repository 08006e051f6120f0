import type { CompareInput } from "@paceline/sdk";
import { addDays } from "../../../format/days.ts";

/** Pairs of periods that the server resolves. */
const SERVER_PRESETS = [
  "year_to_date",
  "month_to_date",
  "week_to_date",
  "year",
  "month",
  "week",
] as const;

/** Days up to today, compared with as many days before. */
const DAYS = { "30d": 30, "90d": 90, "365d": 365 } as const;

/** Pairs of periods that have a name. */
export const PRESETS = [
  ...SERVER_PRESETS,
  ...Object.keys(DAYS) as (keyof typeof DAYS)[],
] as const;

/** Name of a pair of periods. */
export type Preset = (typeof PRESETS)[number];

/** Chosen periods: a named pair, or four days. */
export interface ChosenPeriods {
  preset?: Preset;
  from?: string;
  to?: string;
  base_from?: string;
  base_to?: string;
}

/** Four days: the first and the last one of two periods. */
export interface Periods {
  from: string;
  to: string;
  base_from: string;
  base_to: string;
}

/** Returns the four chosen days, in their order in time. Undefined unless all are chosen. */
export function toOwnPeriods(
  { from, to, base_from, base_to }: ChosenPeriods,
): Periods | undefined {
  if (!from || !to || !base_from || !base_to) return undefined;
  const [first, last] = [from, to].sort() as [string, string];
  const [baseFirst, baseLast] = [base_from, base_to].sort() as [string, string];
  return { from: first, to: last, base_from: baseFirst, base_to: baseLast };
}

/** Returns the input of `stats.compare` for the chosen periods. The default is this year against the last. */
export function toCompareInput(
  chosen: ChosenPeriods,
  today: string,
): Pick<CompareInput, "preset"> | Periods {
  const own = toOwnPeriods(chosen);
  if (own) return own;
  const preset = chosen.preset ?? "year_to_date";
  const known = SERVER_PRESETS.find((each) => each === preset);
  if (known) return { preset: known };
  const days = DAYS[preset as keyof typeof DAYS];
  const from = addDays(today, 1 - days);
  return {
    from,
    to: today,
    base_from: addDays(from, -days),
    base_to: addDays(from, -1),
  };
}
