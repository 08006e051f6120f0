import {
  SPORT_GROUPS,
  type SportGroup,
  toSportGroup,
} from "../../../db/sports.ts";

/** The group of each sport type that belongs to one. */
export const GROUP_OF: ReadonlyMap<string, SportGroup> = new Map(
  Object.entries(SPORT_GROUPS).flatMap(([group, sports]) =>
    sports.map((sport): [string, SportGroup] => [sport, group as SportGroup])
  ),
);

const GROUPS = Object.keys(SPORT_GROUPS);

/** Finds the group of a sport type: `run`, `ride`, `swim`, or the sport type's own name. */
export function findGroup(sportType: string): string {
  return GROUP_OF.get(sportType) ?? sportType;
}

/** Returns the name of a requested sport in the response: a group's name, or the sport as written. */
export function toSportName(sport: string): string {
  return toSportGroup(sport) ?? sport;
}

/** Finds the group of a requested sport in any case. The name of a group finds itself. */
export function findGroupOfInput(sport: string): string {
  const name = sport.toLowerCase();
  const [, group] =
    [...GROUP_OF].find(([type]) => type.toLowerCase() === name) ?? [];
  return group ?? toSportName(sport);
}

/** The rows of one group of sports in their original order. */
export interface SportRows<Row> {
  sport: string;
  rows: Row[];
}

/**
 * Groups rows by sport: run, ride, swim, then other sports by name. Groups without rows are left
 * out. With `sport` all rows form one group under that name.
 */
export function groupBySport<Row extends { sportType: string }>(
  rows: readonly Row[],
  sport?: string | undefined,
): SportRows<Row>[] {
  const requested = sport && toSportName(sport);
  const groups = Map.groupBy(
    rows,
    (row) => requested ?? findGroup(row.sportType),
  );
  return sortBySport(groups).map(([sport, rows]) => ({ sport, rows }));
}

/** Sorts by sport: run, ride, swim, then other sports by name. */
export function sortBySport<Value>(
  values: ReadonlyMap<string, Value>,
): [sport: string, value: Value][] {
  return [...values].sort(([a], [b]) => rank(a) - rank(b) || compare(a, b));
}

function rank(sport: string): number {
  const index = GROUPS.indexOf(sport);
  return index < 0 ? GROUPS.length : index;
}

/** Compares by code unit, so that the order is the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
