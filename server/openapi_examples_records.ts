import type { inferRouterOutputs } from "@trpc/server";
import { Instant } from "../db/client.ts";
import type { AppRouter } from "./router.ts";

type Outputs = inferRouterOutputs<AppRouter>["stats"];
type RecordSet = Outputs["records"]["data"][number]["all_time"];
type Activity = NonNullable<RecordSet["longest_time"]["activity"]>;

const FETCHED_AT = new Instant("2025-12-06T09:00:04Z");

const MORNING_RUN: Activity = {
  id: 16543210987,
  name: "Morning Run",
  date: "2025-12-06",
};

const HALF_MARATHON: Activity = {
  id: 13987654321,
  name: "Half marathon, at last",
  date: "2025-04-06",
};

const ALL_TIME: RecordSet = {
  from: null,
  to: null,
  longest_distance: { value: 21241.3, activity: HALF_MARATHON, reason: null },
  longest_time: { value: 6543, activity: HALF_MARATHON, reason: null },
  most_climbing: { value: 612.4, activity: MORNING_RUN, reason: null },
  fastest: { value: 3.514, activity: MORNING_RUN, reason: null },
  biggest_day: toPeriods("2025-04-06", [21241.3, 6543, 612.4]),
  biggest_week: toPeriods("2025-W14", [61204.8, 19822, 1104]),
  biggest_month: toPeriods("2025-04", [201377.8, 61022, 3204.1]),
  biggest_year: toPeriods("2025", [1482310.4, 421870, 14211.5]),
};

const LAST_4_WEEKS: RecordSet = {
  ...ALL_TIME,
  from: "2025-11-09",
  to: "2025-12-06",
  longest_distance: { value: 4890.2, activity: MORNING_RUN, reason: null },
  longest_time: { value: 1560, activity: MORNING_RUN, reason: null },
  fastest: { value: null, activity: null, reason: "too_short" },
  biggest_day: toPeriods("2025-12-06", [4890.2, 1560, 612.4]),
  biggest_week: toPeriods("2025-W49", [4890.2, 1560, 612.4]),
  biggest_month: toPeriods("2025-12", [4890.2, 1560, 612.4]),
  biggest_year: toPeriods("2025", [4890.2, 1560, 612.4]),
};

/** What the procedures of `stats_records.ts` answer to a good request. */
export const RECORDS_EXAMPLES: Pick<Outputs, "records"> = {
  records: {
    type: "records",
    data: [{
      sport: "run",
      min_distance: 5000,
      all_time: ALL_TIME,
      this_year: { ...ALL_TIME, from: "2025-01-01", to: "2025-12-31" },
      last_4_weeks: LAST_4_WEEKS,
      last_12_weeks: { ...LAST_4_WEEKS, from: "2025-09-14" },
      last_26_weeks: { ...LAST_4_WEEKS, from: "2025-06-08" },
      last_52_weeks: { ...ALL_TIME, from: "2024-12-08", to: "2025-12-06" },
    }],
    fetched_at: FETCHED_AT,
  },
};

function toPeriods(
  period: string,
  [distance, time, climbing]: [number, number, number],
): RecordSet["biggest_day"] {
  return {
    distance: { value: distance, period, reason: null },
    moving_time: { value: time, period, reason: null },
    elevation_gain: { value: climbing, period, reason: null },
  };
}
