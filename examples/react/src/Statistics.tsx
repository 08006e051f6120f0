import { reasonOf } from "@paceline/sdk";
import { ApiProvider, useApi, useClient } from "@paceline/sdk/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Months } from "./Months";
import { RecentActivities } from "./RecentActivities";
import { Failure } from "./State";
import { YearSoFar } from "./YearSoFar";

/** An athlete's year; without one that of the athlete that the server shows to everyone. */
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
    // What is being fetched for the first time comes by itself.
    refetchInterval: ({ state: { error } }) =>
      error && reasonOf(error) === "not_synced" ? 2000 : false,
  });
  return (
    <>
      <h1>This year so far</h1>
      {/* What fails for the first fails for all: it is told once. */}
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
