/** An athlete: Strava's athlete id, or a share token. */
export type AthleteRef = number | string;

/** The routers whose procedures are not about one athlete, or require it by its id. */
const OTHER_ROUTERS: readonly string[] = ["admin", "athletes", "auth", "keys"];

/** The key of a client's athlete, for code that creates cache keys. */
export const ATHLETE: unique symbol = Symbol.for("paceline.athlete") as never;

/** Returns the input of a call with the client's athlete, unless the input names one. */
export function withAthlete(
  path: readonly string[],
  input: unknown,
  athlete: AthleteRef | undefined,
): unknown {
  if (athlete === undefined || OTHER_ROUTERS.includes(path[0]!)) return input;
  const given = input as { athlete?: AthleteRef | undefined } | undefined;
  return { ...given, athlete: given?.athlete ?? athlete };
}
