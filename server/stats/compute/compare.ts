import { addDays } from "./days.ts";
import { type Span, spanOf, subtractMonths } from "./spans.ts";

/** Two periods that are often compared, whole or as far as the current one has come. */
export type Preset =
  | "week_to_date"
  | "month_to_date"
  | "year_to_date"
  | "week"
  | "month"
  | "year";

/**
 * The period that has today and the one before it. One to date ends today, and the one before it
 * on the same day of its week, month or year, or on the last that its month has.
 */
export function spansOf(
  preset: Preset,
  today: string,
): { current: Span; base: Span } {
  const length = preset.replace("_to_date", "") as "week" | "month" | "year";
  const whole = spanOf(length, today);
  const back = (date: string): string =>
    length === "week"
      ? addDays(date, -7)
      : subtractMonths(date, length === "month" ? 1 : 12);
  if (preset === length) {
    return { current: whole, base: spanOf(length, back(whole.from)) };
  }
  return {
    current: { from: whole.from, to: today },
    base: { from: back(whole.from), to: back(today) },
  };
}

/** What has changed from `base` to `current`, in the unit of both and in percent of `base`. */
export interface Change {
  difference: number;
  percent: number | null;
  reason: "base_is_zero" | null;
}

/** `100 * (current - base) / base`; of nothing there is no percentage. */
export function toChange(current: number, base: number): Change {
  const difference = current - base;
  return base === 0
    ? { difference, percent: null, reason: "base_is_zero" }
    : { difference, percent: 100 * difference / base, reason: null };
}
