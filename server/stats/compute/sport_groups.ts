import { toSportGroup } from "../../../db/activity_scope.ts";
import { SPORT_GROUPS, type SportGroup } from "../../../db/sports.ts";

/** The group of each sport type that is in one. */
export const GROUP_OF: ReadonlyMap<string, SportGroup> = new Map(
  Object.entries(SPORT_GROUPS).flatMap(([group, sports]) =>
    sports.map((sport): [string, SportGroup] => [sport, group as SportGroup])
  ),
);

const GROUPS = Object.keys(SPORT_GROUPS);

/** `run`, `ride` or `swim`, or the sport's own name where it is in no group. */
export function groupOf(sportType: string): string {
  return GROUP_OF.get(sportType) ?? sportType;
}

/** What a sport that was asked for is called in an answer: a group by its name, another as written. */
export function nameOfAsked(sport: string): string {
  return toSportGroup(sport) ?? sport;
}

/** The group of a sport that was asked for, in any case, or of a group itself. */
export function groupOfAsked(sport: string): string {
  const name = sport.toLowerCase();
  const [, group] =
    [...GROUP_OF].find(([type]) => type.toLowerCase() === name) ?? [];
  return group ?? nameOfAsked(sport);
}

/** Rows of one group of sports, in the order in which they came. */
export interface SportRows<Row> {
  sport: string;
  rows: Row[];
}

/**
 * Rows by group: run, ride, swim, then every other sport by name; groups without rows are left out.
 * Where one sport was asked for all rows are its own, under the name that was asked for.
 */
export function groupBySport<Row extends { sport_type: string }>(
  rows: readonly Row[],
  sport?: string | undefined,
): SportRows<Row>[] {
  const asked = sport && nameOfAsked(sport);
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const name = asked ?? groupOf(row.sport_type);
    const known = found.get(name);
    if (known) known.push(row);
    else found.set(name, [row]);
  }
  return [...found]
    .map(([name, rows]) => ({ sport: name, rows }))
    .sort((a, b) => rank(a.sport) - rank(b.sport) || compare(a.sport, b.sport));
}

function rank(sport: string): number {
  const index = GROUPS.indexOf(sport);
  return index < 0 ? GROUPS.length : index;
}

/** By code unit, the same on every machine. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
