import type { ReactNode } from "react";
import { Failure } from "../../parts/failure.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { ConnectNotice } from "./connect_notice.tsx";
import {
  OverviewCards,
  OverviewSkeleton,
  useOverview,
} from "./overview_cards.tsx";

/** The page that one looks at every day: the year, the week, the form, and the newest activities. */
export function Overview(): ReactNode {
  const { overview: texts } = useTexts();
  const overview = useOverview();
  return (
    <>
      <PageTitle title={texts.title} />
      <ConnectNotice />
      {overview.isPending
        ? <OverviewSkeleton />
        : overview.isError
        ? <Failure error={overview.error} retry={overview.refetch} />
        : <OverviewCards overview={overview.data.data} />}
    </>
  );
}
