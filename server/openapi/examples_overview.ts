import type { inferRouterOutputs } from "@trpc/server";
import { Instant } from "../../db/driver/client.ts";
import { LOAD_EXAMPLES } from "./examples_load.ts";
import { RECORDS_EXAMPLES, toEddington } from "./examples_records.ts";
import type { AppRouter } from "../router.ts";

type Outputs = inferRouterOutputs<AppRouter>["stats"];

/** What the overview answers, in part the other statistics' own examples. */
export const OVERVIEW_EXAMPLES: Pick<Outputs, "overview"> = {
  overview: {
    type: "overview",
    data: {
      today: "2025-12-06",
      ytd: {
        run: total(143, 1482310.4, 421870, 14211.5),
        ride: total(61, 2904551.9, 412044, 30122),
        swim: total(0, 0, 0, 0),
      },
      this_week: {
        from: "2025-12-01",
        to: "2025-12-07",
        days: 7,
        total: total(4, 41820.2, 12040, 410.5),
      },
      this_month: {
        from: "2025-12-01",
        to: "2025-12-31",
        days: 31,
        total: total(4, 41820.2, 12040, 410.5),
      },
      last_12_months: [
        { month: "2025-12", total: total(4, 41820.2, 12040, 410.5) },
        { month: "2025-11", total: total(17, 201377.8, 61022, 2204.1) },
        { month: "2025-10", total: total(20, 388410.5, 83371, 4410) },
        { month: "2025-09", total: total(22, 501263.3, 97420, 5718.6) },
        { month: "2025-08", total: total(24, 612044.1, 113865, 7204) },
        { month: "2025-07", total: total(26, 702918.7, 128811, 8313.4) },
        { month: "2025-06", total: total(23, 580114.6, 106230, 6610.2) },
        { month: "2025-05", total: total(21, 491872, 92715, 5240.8) },
        { month: "2025-04", total: total(18, 330210.9, 71204, 3622.7) },
        { month: "2025-03", total: total(16, 250811.4, 60140, 2517.3) },
        { month: "2025-02", total: total(0, 0, 0, 0) },
        { month: "2025-01", total: total(13, 122406.7, 40112, 1388.9) },
      ],
      streaks: RECORDS_EXAMPLES.streaks.data,
      eddington: {
        km: {
          ...toEddington(21, 3),
          sports: [{ sport: "run", ...toEddington(21, 3) }],
        },
        mi: {
          ...toEddington(14, 2),
          sports: [{ sport: "run", ...toEddington(14, 2) }],
        },
      },
      training_load: LOAD_EXAMPLES.trainingLoad.data.days.at(-1)!,
      training_load_reason: null,
      recent_activities: [{
        id: 16543210987,
        name: "Morning Run",
        type: "Run",
        distance: 10234.5,
        moving_time: 2912,
        elevation_gain: 143.2,
        start_date: new Instant("2025-12-06T07:30:12Z"),
      }],
      next_milestones: {
        distance_km: { value: 50000, remaining: 27639.6 },
        distance_mi: { value: 20000, remaining: 6105.8 },
        moving_time_hours: { value: 2000, remaining: 768.2 },
        elevation_gain_m: { value: 500000, remaining: 268765.6 },
        count: { value: 2000, remaining: 868 },
      },
    },
    fetched_at: new Instant("2025-12-06T09:00:04Z"),
  },
};

function total(
  count: number,
  distance: number,
  moving_time: number,
  elevation_gain: number,
): Outputs["compare"]["data"]["base"]["total"] {
  return { count, distance, moving_time, elevation_gain };
}
