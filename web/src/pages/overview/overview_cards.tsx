import { type ReactNode, useContext } from "react";
import { useApi } from "@paceline/sdk/react";
import { type OverviewStatistic, reasonOf } from "@paceline/sdk";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { useFormat } from "../../format/use_format.ts";
import { Skeleton } from "../../parts/card.tsx";
import { HasPages } from "../../parts/page_link.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { EddingtonCard, MilestonesCard, StreaksCard } from "./small_cards.tsx";
import { FormCard } from "./form_card.tsx";
import { GoalsCard } from "./goals_card.tsx";
import { NewestCard } from "./newest_card.tsx";
import { PeriodCard } from "./period_card.tsx";
import { CalendarCard } from "./calendar_card.tsx";
import { MonthsCard } from "./months_card.tsx";
import { YearCard } from "./year_card.tsx";

/** Returns the athlete's overview. Asks again until the first sync has finished. */
export function useOverview(): UseQueryResult<OverviewStatistic, Error> {
  const { weekStart } = useFormat();
  return useQuery({
    ...useApi().stats.overview.queryOptions({ week_start: weekStart }),
    refetchInterval: ({ state: { error } }) =>
      error && reasonOf(error) === "not_synced" ? 3000 : false,
  });
}

/** The cards of an overview. */
export function OverviewCards(
  { overview }: { overview: OverviewStatistic["data"] },
): ReactNode {
  const { overview: texts } = useTexts();
  // The goals are those of the visitor, in this browser.
  const hasPages = useContext(HasPages);
  return (
    <div className="cards">
      <YearCard overview={overview} />
      <div className="pile">
        <PeriodCard
          title={texts.thisWeek}
          period={overview.this_week}
        />
        <PeriodCard
          title={texts.thisMonth}
          period={overview.this_month}
        />
      </div>
      <FormCard overview={overview} />
      <NewestCard activities={overview.recent_activities} />
      <CalendarCard today={overview.today} />
      <MonthsCard months={overview.last_12_months} />
      {hasPages && <GoalsCard />}
      <StreaksCard streaks={overview.streaks} />
      <EddingtonCard eddington={overview.eddington} />
      <MilestonesCard milestones={overview.next_milestones} />
    </div>
  );
}

/** The place of the cards while they load. */
export function OverviewSkeleton(): ReactNode {
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
