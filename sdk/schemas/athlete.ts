import * as z from "zod";

const AthleteId = z.number().int().positive();

/** An athlete, by Strava's id or by the token of a share link. */
export const AthleteRef = z.union([
  // A pipe, because trpc-to-openapi does not accept a plain number next to a string in a
  // parameter.
  AthleteId.pipe(AthleteId),
  z.string().regex(/^ps_[\w-]{43}$/),
], "must be a Strava athlete id or the token of a share link");

/** The input field of every procedure about one athlete. */
export const athleteInput = {
  athlete: AthleteRef.meta({
    description:
      "Strava's athlete id, or the token of a share link (`ps_...`). Defaults to the caller's " +
      "own athlete, or to the instance's public athlete if the caller has none",
    example: 7654321,
  }).optional(),
};

/** An athlete, and no other input. */
export const AthleteInput = z.strictObject(athleteInput).default({});
