import type { inferRouterOutputs } from "@trpc/server";
import { Instant } from "../../db/driver/client.ts";
import type { AppRouter } from "../router.ts";

type Outputs = inferRouterOutputs<AppRouter>["stats"];

const FETCHED_AT = new Instant("2025-12-06T09:00:04Z");

/** What the statistics of load and goals answer; the compiler keeps it complete. */
export const LOAD_EXAMPLES: Pick<Outputs, "trainingLoad" | "goal" | "compare"> =
  {
    trainingLoad: {
      type: "training_load",
      data: {
        formula: "paceline-training-load/1",
        estimated_share: 0,
        estimated_share_reason: null,
        days: [{
          date: "2025-12-05",
          load: 0,
          source: null,
          ctl: 54.208113,
          atl: 52.17331,
          tsb: -4.672201,
          acwr: 0.971334,
          acwr_reason: null,
          monotony: 1.120897,
          monotony_reason: null,
          strain: 410.248302,
        }, {
          date: "2025-12-06",
          load: 87,
          source: "suffer_score",
          ctl: 54.979632,
          atl: 56.809448,
          tsb: 2.034803,
          acwr: 1.014776,
          acwr_reason: null,
          monotony: 1.170045,
          monotony_reason: null,
          strain: 443.447055,
        }],
      },
      fetched_at: FETCHED_AT,
    },
    goal: {
      type: "goal",
      data: {
        metric: "distance",
        unit: "metres",
        target: 1000000,
        from: "2025-01-01",
        to: "2025-12-31",
        done: 912340.5,
        expected: 931506.849315,
        difference: -19166.349315,
        projection: 979424.360294,
        projection_reason: null,
        needed_per_day: 3371.519231,
        needed_per_day_reason: null,
      },
      fetched_at: FETCHED_AT,
    },
    compare: {
      type: "compare",
      data: {
        current: {
          from: "2025-01-01",
          to: "2025-12-06",
          days: 340,
          total: {
            count: 143,
            distance: 1482310.4,
            moving_time: 421870,
            elevation_gain: 14211.5,
          },
        },
        base: {
          from: "2024-01-01",
          to: "2024-12-06",
          days: 341,
          total: {
            count: 125,
            distance: 1482310.4,
            moving_time: 431870,
            elevation_gain: 0,
          },
        },
        change: {
          count: { difference: 18, percent: 14.4, reason: null },
          distance: { difference: 0, percent: 0, reason: null },
          moving_time: { difference: -10000, percent: -2.315512, reason: null },
          elevation_gain: {
            difference: 14211.5,
            percent: null,
            reason: "base_is_zero",
          },
        },
      },
      fetched_at: FETCHED_AT,
    },
  };
