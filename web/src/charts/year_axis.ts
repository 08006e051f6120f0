import type { Format } from "../format/use_format.ts";

/** Places at which a month begins among the 366 days of a leap year. */
export const MONTH_STARTS: readonly number[] = [
  ...[0, 31, 60, 91, 121, 152],
  ...[182, 213, 244, 274, 305, 335],
];

/** Returns a day of any year, such as `02-28`, in words. */
export function toYearDay(format: Format, day: string): string {
  // A leap year has all days.
  return format.day(`2024-${day}`, "dayMonth");
}
