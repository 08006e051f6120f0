/** Lengths of the shown time. */
export const RANGES = ["3m", "6m", "1y", "2y", "all"] as const;

/** The choices of the page, as its address holds them. */
export interface TrainingSearch {
  sport?: string;
  range?: (typeof RANGES)[number];
  from?: string;
  to?: string;
}

/** Changed choices. An undefined one is left out of the address. */
export type TrainingChanges = {
  [Name in keyof TrainingSearch]?: TrainingSearch[Name] | undefined;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const MONTHS = { "3m": 3, "6m": 6, "1y": 12, "2y": 24 } as const;

/** Reads the page's address. Anyone can write it, so that unknown and wrong values are dropped. */
export function parseTrainingSearch(
  search: Record<string, unknown>,
): TrainingSearch {
  const { sport, range, from, to } = search;
  const day = (value: unknown): string | undefined =>
    typeof value === "string" && DAY.test(value) &&
      !Number.isNaN(Date.parse(`${value}T00:00:00Z`))
      ? value
      : undefined;
  return dropUndefined({
    sport: typeof sport === "string" && /^\w{1,60}$/.test(sport)
      ? sport
      : undefined,
    range: RANGES.find((each) => each === range),
    from: day(from),
    to: day(to),
  });
}

/** Leaves out what is undefined, so that the address stays short. */
export function dropUndefined(changes: TrainingChanges): TrainingSearch {
  return Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  );
}

/** Returns the days to request: the chosen ones, or a number of months up to today. */
export function toDays(
  { range = "6m", from, to }: TrainingSearch,
  today: string,
): { from: string; to?: string } {
  if (from && to) return from <= to ? { from, to } : { from: to, to: from };
  // The whole history has to be requested: the default is a year.
  if (range === "all") return { from: "0001-01-01" };
  const [year = 0, month = 1, day = 1] = today.split("-").map(Number);
  const start = new Date(Date.UTC(year, month - 1 - MONTHS[range], 1));
  const last = new Date(
    Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 0),
  ).getUTCDate();
  start.setUTCDate(Math.min(day, last));
  return { from: start.toISOString().slice(0, 10) };
}
