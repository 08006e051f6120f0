import { reasonOf } from "@paceline/sdk";
import { ApiProvider, useApi, useClient } from "@paceline/sdk/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Months } from "./Months";
import { RecentActivities } from "./RecentActivities";
import { Failure } from "./State";
import { YearSoFar } from "./YearSoFar";

/** Shows an athlete's year. Default: the athlete that the server shows to everyone. */
export function Statistics({ athlete }: { athlete?: number | string }) {
  return (
    <ApiProvider
      client={useClient()}
      queryClient={useQueryClient()}
      athlete={athlete}
    >
      <Sections />
    </ApiProvider>
  );
}

function Sections() {
  const ytd = useQuery({
    ...useApi().stats.ytd.queryOptions(),
    // Polls until the first sync has finished.
    refetchInterval: ({ state: { error } }) =>
      error && reasonOf(error) === "not_synced" ? 2000 : false,
  });
  return (
    <>
      <h1>This year so far</h1>
      {/* If this query fails, the others fail for the same reason. Show it once. */}
      {ytd.isError
        ? <Failure error={ytd.error} retry={ytd.refetch} />
        : (
          <>
            <YearSoFar />
            <h2>The last 12 months</h2>
            <Months />
            <h2>Newest activities</h2>
            <RecentActivities />
          </>
        )}
    </>
  );
}
