import { reasonOf } from "@paceline/sdk";
import { ApiProvider, useApi, useClient } from "@paceline/sdk/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Months } from "./Months";
import { RecentActivities } from "./RecentActivities";
import { type Advice, Failure } from "./State";
import { YearSoFar } from "./YearSoFar";

/** Shows an athlete's year. Default: the athlete that the server shows to everyone. */
export function Statistics({ athlete }: { athlete?: number | string }) {
  return (
    <ApiProvider
      client={useClient()}
      queryClient={useQueryClient()}
      athlete={athlete}
    >
      <Sections advice={typeof athlete === "string" ? OF_LINK : OF_SERVER} />
    </ApiProvider>
  );
}

const BAD_LINK = "This share link is incomplete, or its owner has ended it. Ask for a new one.";

/** Advice for visitors with a share link. A mistyped token is an invalid input. */
const OF_LINK: Advice = { invalid_input: BAD_LINK, athlete_not_found: BAD_LINK };

/** Advice for visitors who ask for no athlete: the server has some, but none for everyone. */
const OF_SERVER: Advice = {
  athlete_not_found: "Nobody shares statistics with everyone here. Log in to see yours.",
};

function Sections({ advice }: { advice: Advice }) {
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
        ? <Failure error={ytd.error} retry={ytd.refetch} advice={advice} />
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
