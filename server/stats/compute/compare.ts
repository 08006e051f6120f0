import { addDays, type WeekOptions } from "./days.ts";
import { findSpan, type Span, subtractMonths } from "./spans.ts";

/** A pair of periods that are often compared: whole ones, or the current one up to today. */
export type Preset =
  | "week_to_date"
  | "month_to_date"
  | "year_to_date"
  | "week"
  | "month"
  | "year";

/**
 * Resolves a preset to the period that contains today and the one before it. A period to date ends
 * today; its base ends on the same day of the previous week, month or year, or on the last day of
 * a month that is too short.
 */
export function resolvePreset(
  preset: Preset,
  today: string,
  options: WeekOptions = {},
): { current: Span; base: Span } {
  const length = preset.replace("_to_date", "") as "week" | "month" | "year";
  const whole = findSpan(length, today, options);
  const subtractPeriod = (date: string): string =>
    length === "week"
      ? addDays(date, -7)
      : subtractMonths(date, length === "month" ? 1 : 12);
  if (preset === length) {
    return {
      current: whole,
      base: findSpan(length, subtractPeriod(whole.from), options),
    };
  }
  return {
    current: { from: whole.from, to: today },
    base: { from: subtractPeriod(whole.from), to: subtractPeriod(today) },
  };
}

/** The change from `base` to `current`, in their unit and in percent of `base`. */
export interface Change {
  difference: number;
  percent: number | null;
  reason: "base_is_zero" | null;
}

/** Computes `100 * (current - base) / base`; without a percentage if `base` is zero. */
export function computeChange(current: number, base: number): Change {
  const difference = current - base;
  return base === 0
    ? { difference, percent: null, reason: "base_is_zero" }
    : { difference, percent: 100 * difference / base, reason: null };
}
