import { reasonOf } from "@paceline/sdk";
import { ApiProvider, useClient } from "@paceline/sdk/react";
import { useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Empty } from "../../parts/empty.tsx";
import { Failure } from "../../parts/failure.tsx";
import { HasPages } from "../../parts/page_link.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import {
  OverviewCards,
  OverviewSkeleton,
  useOverview,
} from "../overview/overview_cards.tsx";

/** The page of a share link: the overview of an athlete, for everyone with the link. */
export function Shared(): ReactNode {
  const { token } = useParams({ from: "/shared/$token" });
  return (
    <ApiProvider
      client={useClient()}
      queryClient={useQueryClient()}
      athlete={token}
    >
      <HasPages value={false}>
        <SharedOverview />
      </HasPages>
    </ApiProvider>
  );
}

function SharedOverview(): ReactNode {
  const { shared: texts } = useTexts();
  const overview = useOverview();
  const reason = overview.error && reasonOf(overview.error);
  return (
    <>
      <PageTitle title={texts.title} />
      {overview.data
        ? <OverviewCards overview={overview.data.data} />
        : reason === "athlete_not_found" || reason === "invalid_input"
        ? <Empty title={texts.ended} text={texts.endedText} />
        : overview.error
        ? <Failure error={overview.error} retry={overview.refetch} />
        : <OverviewSkeleton />}
    </>
  );
}
