/** The result of Strava's sign-in, in the page's address. */
export interface HomeSearch {
  strava?: "success" | "error";
  reason?: string;
}

/** Reads the page's address. Anyone can write it, so that unknown values are dropped. */
export function parseHomeSearch(search: Record<string, unknown>): HomeSearch {
  const { strava, reason } = search;
  if (strava !== "success" && strava !== "error") return {};
  return {
    strava,
    ...typeof reason === "string" && /^[a-z_]{1,40}$/.test(reason) &&
      { reason },
  };
}
