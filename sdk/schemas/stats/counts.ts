import * as z from "zod";

/** The activities that a statistic counts, next to the data of every statistic. */
export const Counts = z.enum(["all", "visible"]).meta({
  id: "Counts",
  description:
    "The activities that count. `visible`: those that the caller may see. `all`: every activity, " +
    "where those that the caller may not see count only by whole calendar months that are over, " +
    "so that no sum shows their days",
  example: "all",
});
