import { ApiProvider, useClient } from "@paceline/sdk/react";
import { useQueryClient } from "@tanstack/react-query";
import { Months } from "./Months";
import { RecentActivities } from "./RecentActivities";
import { YearSoFar } from "./YearSoFar";

/** An athlete's year; without one that of the athlete that the server shows to everyone. */
export function Statistics({ athlete }: { athlete?: number | string }) {
  return (
    <ApiProvider
      client={useClient()}
      queryClient={useQueryClient()}
      athlete={athlete}
    >
      <h1>This year so far</h1>
      <YearSoFar />
      <h2>The last 12 months</h2>
      <Months />
      <h2>Newest activities</h2>
      <RecentActivities />
    </ApiProvider>
  );
}
