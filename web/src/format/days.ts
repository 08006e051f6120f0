const DAY_MS = 86_400_000;

/** Returns the days of a year, `2026-01-01` to `2026-12-31`. */
export function listDays(year: number): string[] {
  const days: string[] = [];
  for (
    let at = Date.UTC(year, 0, 1);
    at < Date.UTC(year + 1, 0, 1);
    at += DAY_MS
  ) days.push(toDay(at));
  return days;
}

/** Returns the day that lies a number of days after another one. */
export function addDays(date: string, days: number): string {
  return toDay(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS);
}

/** Returns the place of a day in its week: 0 for its first day, 6 for its last. */
export function toWeekday(
  date: string,
  weekStart: "monday" | "sunday",
): number {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return weekStart === "sunday" ? day : (day + 6) % 7;
}

/** Returns the number of a day within its year, counted from 1. */
export function toDayOfYear(date: string): number {
  const at = Date.parse(`${date}T00:00:00Z`);
  return (at - Date.UTC(Number(date.slice(0, 4)), 0, 1)) / DAY_MS + 1;
}

function toDay(at: number): string {
  return new Date(at).toISOString().slice(0, 10);
}
