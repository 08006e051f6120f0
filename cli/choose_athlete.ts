import { type AthleteStatus, listAthleteStatus } from "../db/athletes.ts";
import type { Sql } from "../db/driver/client.ts";

/** The athlete that a command is about: the one that was named, or the only one. */
export async function chooseAthlete(
  sql: Sql,
  { athleteId }: { athleteId: number | undefined },
): Promise<AthleteStatus | { problem: string }> {
  const athletes = await listAthleteStatus(sql);
  const [first, ...others] = athletes;
  if (!first) return { problem: "There is no athlete: nothing is kept" };
  const list = athletes.map(toLine).join("\n");
  if (athleteId === undefined) {
    return others.length === 0 ? first : {
      problem:
        `There is more than one athlete: add --athlete and an id\n${list}`,
    };
  }
  return athletes.find(({ id }) => id === athleteId) ??
    { problem: `There is no athlete ${athleteId}, but\n${list}` };
}

function toLine(athlete: AthleteStatus): string {
  return `  --athlete ${athlete.id}   ${athlete.name}`;
}
