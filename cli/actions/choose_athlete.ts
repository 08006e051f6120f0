import {
  type AthleteStatus,
  listAthleteStatus,
} from "../../db/athlete_status.ts";
import type { Sql } from "../../db/driver/client.ts";

/** Returns the athlete that was named, or the only one; a problem is a sentence. */
export async function chooseAthlete(
  sql: Sql,
  { athleteId }: { athleteId: number | undefined },
): Promise<AthleteStatus | { problem: string; isEmpty?: boolean }> {
  const athletes = await listAthleteStatus(sql);
  const [first, ...others] = athletes;
  if (!first) {
    return { problem: "There is no athlete in the database", isEmpty: true };
  }
  const list = athletes.map(toLine).join("\n");
  if (athleteId === undefined) {
    return others.length === 0 ? first : {
      problem: `There is more than one athlete. Add one of these:\n${list}`,
    };
  }
  return athletes.find(({ id }) => id === athleteId) ??
    {
      problem:
        `There is no athlete ${athleteId}. Choose one of these:\n${list}`,
    };
}

function toLine(athlete: AthleteStatus): string {
  return `  --athlete ${athlete.id}   ${athlete.name}`;
}
