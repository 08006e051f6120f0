import type { ReactNode } from "react";
import { useApi } from "@paceline/sdk/react";
import { reasonOf } from "@paceline/sdk";
import { useQuery } from "@tanstack/react-query";
import { useFormat } from "../../format/use_format.ts";
import { Skeleton } from "../../parts/card.tsx";
import { Failure } from "../../parts/failure.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { ConnectNotice } from "./connect_notice.tsx";
import { EddingtonCard, MilestonesCard, StreaksCard } from "./small_cards.tsx";
import { FormCard } from "./form_card.tsx";
import { GoalsCard } from "./goals_card.tsx";
import { NewestCard } from "./newest_card.tsx";
import { PeriodCard } from "./period_card.tsx";
import { CalendarCard } from "./calendar_card.tsx";
import { MonthsCard } from "./months_card.tsx";
import { YearCard } from "./year_card.tsx";

/** The page that one looks at every day: the year, the week, the form, and the newest activities. */
export function Overview(): ReactNode {
  const { overview: texts } = useTexts();
  const { weekStart } = useFormat();
  const overview = useQuery({
    ...useApi().stats.overview.queryOptions({ week_start: weekStart }),
    // Polls until the first sync has finished.
    refetchInterval: ({ state: { error } }) =>
      error && reasonOf(error) === "not_synced" ? 3000 : false,
  });
  return (
    <>
      <PageTitle title={texts.title} />
      <ConnectNotice />
      {overview.isPending
        ? <OverviewSkeleton />
        : overview.isError
        ? <Failure error={overview.error} retry={overview.refetch} />
        : (
          <div className="cards">
            <YearCard overview={overview.data.data} />
            <div className="pile">
              <PeriodCard
                title={texts.thisWeek}
                period={overview.data.data.this_week}
              />
              <PeriodCard
                title={texts.thisMonth}
                period={overview.data.data.this_month}
              />
            </div>
            <FormCard overview={overview.data.data} />
            <GoalsCard />
            <NewestCard activities={overview.data.data.recent_activities} />
            <CalendarCard today={overview.data.data.today} />
            <MonthsCard months={overview.data.data.last_12_months} />
            <StreaksCard streaks={overview.data.data.streaks} />
            <EddingtonCard eddington={overview.data.data.eddington} />
            <MilestonesCard milestones={overview.data.data.next_milestones} />
          </div>
        )}
    </>
  );
}

function OverviewSkeleton(): ReactNode {
  return (
    <div className="cards" role="status" aria-busy="true">
      <div className="card wide">
        <Skeleton height={320} />
      </div>
      <div className="card">
        <Skeleton height={120} />
      </div>
      <div className="card">
        <Skeleton height={120} />
      </div>
      <div className="card wide">
        <Skeleton height={320} />
      </div>
    </div>
  );
}
