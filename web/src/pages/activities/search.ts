import type { ActivitiesInput } from "@paceline/sdk";

/** The filters of the list, as the page's address holds them. */
export interface ActivitySearch {
  q?: string;
  sport?: string;
  from?: string;
  to?: string;
  /** Bounds of the distance in metres. */
  min?: number;
  max?: number;
  gear?: string;
  sort?: Exclude<NonNullable<ActivitiesInput["sort"]>, "date">;
  view?: "cards";
}

/** Changed filters. An empty or undefined one is left out of the address. */
export type ActivityChanges = {
  [Name in keyof ActivitySearch]?: ActivitySearch[Name] | "" | undefined;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const SORTS: readonly unknown[] = [
  "distance",
  "moving_time",
  "elevation_gain",
  "average_speed",
];

/** Reads the page's address. Unknown and wrong values are dropped. */
export function parseActivitySearch(
  search: Record<string, unknown>,
): ActivitySearch {
  const text = (value: unknown, pattern = /./): string | undefined =>
    (typeof value === "string" || typeof value === "number") &&
      pattern.test(String(value))
      ? String(value).slice(0, 200)
      : undefined;
  const metres = (value: unknown): number | undefined =>
    typeof value === "number" && value > 0 && value < 1e8 ? value : undefined;
  const found = {
    q: text(search["q"]),
    sport: text(search["sport"]),
    from: text(search["from"], DAY),
    to: text(search["to"], DAY),
    min: metres(search["min"]),
    max: metres(search["max"]),
    gear: text(search["gear"]),
    sort: SORTS.includes(search["sort"]) ? search["sort"] : undefined,
    view: search["view"] === "cards" ? "cards" : undefined,
  };
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined),
  );
}

/** Returns the input of `activities.list` for the filters. */
export function toListInput(
  { q, sport, from, to, min, max, gear, sort }: ActivitySearch,
): ActivitiesInput {
  return {
    limit: 100,
    q,
    sport,
    from,
    to,
    min_distance: min,
    max_distance: max,
    gear_id: gear,
    sort,
  };
}

/** Returns the address of a table of all activities that match the filters, below the page's <base>. */
export function toExportAddress(search: ActivitySearch): string {
  const { limit: _limit, sort: _sort, ...filters } = toListInput(search);
  const query = new URLSearchParams({ format: "csv", bom: "true" });
  for (const [name, value] of Object.entries(filters)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return `strava/activities/export?${query}`;
}
