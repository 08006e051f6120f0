import { router } from "../trpc.ts";
import { calendar } from "./procedures/calendar.ts";
import { compare } from "./procedures/compare.ts";
import { cumulative } from "./procedures/cumulative.ts";
import { distribution } from "./procedures/distribution.ts";
import { eddington } from "./procedures/eddington.ts";
import { gear } from "./procedures/gear.ts";
import { goal } from "./procedures/goal.ts";
import { longestRide, longestRun } from "./procedures/longest.ts";
import { milestones } from "./procedures/milestones.ts";
import { monthly } from "./procedures/monthly.ts";
import { overview } from "./procedures/overview.ts";
import { recentActivities } from "./procedures/recent_activities.ts";
import { records } from "./procedures/records.ts";
import { streaks } from "./procedures/streaks.ts";
import { totals } from "./procedures/totals.ts";
import { trainingLoad } from "./procedures/training_load.ts";
import { yearly } from "./procedures/yearly.ts";
import { ytd } from "./procedures/ytd.ts";

/** Statistics of all stored activities, by the athlete's local date. */
export const statsRouter = router({
  records,
  eddington,
  streaks,
  calendar,
  cumulative,
  distribution,
  milestones,
  trainingLoad,
  goal,
  compare,
  overview,
  gear,
  ytd,
  monthly,
  activities: recentActivities,
  totals,
  yearly,
  longestRun,
  longestRide,
});
