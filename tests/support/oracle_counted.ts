/** Plain rules of which activities a caller's sums count. They share nothing with the code under test. */
import { dayOf, nextDay } from "./oracle.ts";
import type { RawActivity } from "./raw_days.ts";

/** The caller: the holder of the key, or a stranger under either value of `PUBLIC_TOTALS`. */
export type Reader = "owner" | "all" | "visible";

/** Returns the activities that the reader may see. */
export function keepVisible<Activity extends RawActivity>(
  activities: readonly Activity[],
  reader: Reader,
): Activity[] {
  return activities.filter(({ visibility }) =>
    reader === "owner" || visibility === "everyone"
  );
}

/** Returns the activities of a period that a sum over it counts. */
export function keepCounted<Activity extends RawActivity>(
  activities: readonly Activity[],
  { reader, today, from = "0001-01-01", to = "9999-12-31" }: {
    reader: Reader;
    today: string;
    from?: string | undefined;
    to?: string | undefined;
  },
): Activity[] {
  const inside = activities.filter((a) => dayOf(a) >= from && dayOf(a) <= to);
  const visible = new Set(keepVisible(inside, reader));
  const isWhole = (month: string): boolean => {
    let last = `${month}-28`;
    while (nextDay(last).startsWith(month)) last = nextDay(last);
    return `${month}-01` >= from && last <= to &&
      month <= today.slice(0, 7);
  };
  return inside.filter((activity) =>
    visible.has(activity) ||
    reader === "all" && isWhole(dayOf(activity).slice(0, 7))
  );
}

/** Returns the activities without the heart rates that the athlete hides from the reader. */
export function hideHeartRates<Activity extends object>(
  activities: readonly Activity[],
  reader: Reader,
): Activity[] {
  return activities.map((activity) =>
    reader !== "owner" && "heartrate_opt_out" in activity &&
      activity.heartrate_opt_out
      ? {
        ...activity,
        average_heartrate: null,
        max_heartrate: null,
        suffer_score: null,
      }
      : activity
  );
}
