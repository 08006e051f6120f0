import type { inferRouterOutputs } from "@trpc/server";
import { Instant } from "../db/client.ts";
import type { AppRouter } from "./router.ts";

type Outputs = inferRouterOutputs<AppRouter>["stats"];

const FETCHED_AT = new Instant("2025-12-06T09:00:04Z");

/** What the statistics of load and goals answer; the compiler keeps it complete. */
export const LOAD_EXAMPLES: Pick<Outputs, "trainingLoad"> = {
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
};
