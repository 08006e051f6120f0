/** An athlete: Strava's id of them, or a share token. */
export type AthleteRef = number | string;

/** Whose calls are about an athlete. */
const ROUTERS: readonly string[] = ["activities", "stats", "sync"];

/** Where a client keeps its athlete, for whoever makes keys of answers. */
export const ATHLETE: unique symbol = Symbol.for("paceline.athlete") as never;

/** The input of a call with the athlete that it is about, unless it names one itself. */
export function withAthlete(
  path: readonly string[],
  input: unknown,
  athlete: AthleteRef | undefined,
): unknown {
  if (athlete === undefined || !ROUTERS.includes(path[0]!)) return input;
  const given = input as { athlete?: AthleteRef | undefined } | undefined;
  return { ...given, athlete: given?.athlete ?? athlete };
}
