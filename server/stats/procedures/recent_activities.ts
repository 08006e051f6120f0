import {
  ExclusionsInput,
  RecentActivitiesStatistic,
} from "@paceline/sdk/schemas";
import { listActivities } from "../../../db/activity_list.ts";
import { toRecentActivity } from "../../activities/activity.ts";
import { localDate } from "../../activities/local_time.ts";
import { syncedAthleteProcedure } from "../../trpc.ts";
import { countVisible } from "../counted.ts";
import { createStatisticMeta, toStatistic } from "../statistic.ts";

const MAX_ACTIVITIES = 30;

/** The newest activities, without their details. */
export const recentActivities = syncedAthleteProcedure
  .meta(createStatisticMeta("activities", {
    summary: "The newest activities",
    description:
      `The last ${MAX_ACTIVITIES} activities up to today, newest first. Without the API key only those that ` +
      "`PUBLIC_VISIBILITY` lets everyone see.",
  }))
  .input(ExclusionsInput)
  .output(RecentActivitiesStatistic)
  .query(async ({ ctx, input }) => {
    const { scope, counts } = countVisible(ctx, input);
    const rows = await listActivities(ctx.sql, {
      ...scope,
      to: localDate(ctx.now(), ctx.athlete),
      limit: MAX_ACTIVITIES,
    });
    const data = rows.map(toRecentActivity);
    return toStatistic("recent_activities", data, { ...ctx, counts });
  });
