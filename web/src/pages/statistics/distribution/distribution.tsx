import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormat } from "../../../format/use_format.ts";
import { Answer } from "../../../parts/answer.tsx";
import { Card } from "../../../parts/card.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { MetricChoice } from "../metric_choice.tsx";
import { useStatisticsSearch } from "../use_search.ts";
import { useYears } from "../use_years.ts";
import { YearSelect } from "../year_select.tsx";
import { BandsCard } from "./bands_card.tsx";
import { HoursCard, SportsCard, WeekdaysCard } from "./share_cards.tsx";

/** Sports whose distances have a chart. */
const MAX_SPORTS = 6;

/** Weekdays, hours, sports and distances of the activities of a year or of all time. */
export function Distribution(): ReactNode {
  const { statistics: texts } = useTexts();
  const { weekStart } = useFormat();
  const { search: { sport, year } } = useStatisticsSearch();
  const years = useYears();
  const distribution = useQuery({
    ...useApi().stats.distribution.queryOptions({
      sport,
      year,
      week_start: weekStart,
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className="filters">
        <MetricChoice />
        <YearSelect years={years} value={year} allName={texts.allYears} />
      </div>
      <Answer request={distribution} height={640}>
        {({ data }) =>
          data.sports.length === 0
            ? (
              <Card title={texts.sections.distribution}>
                <Empty title={texts.none} text={texts.noneText} />
              </Card>
            )
            : (
              <div className="cards">
                <WeekdaysCard data={data} />
                <HoursCard data={data} />
                <SportsCard sports={data.sports} />
                {data.sports.filter(({ distance }) => distance > 0)
                  .sort((a, b) => b.count - a.count)
                  .slice(0, MAX_SPORTS)
                  .map((share) => (
                    <BandsCard
                      key={share.sport}
                      share={share}
                    />
                  ))}
              </div>
            )}
      </Answer>
    </>
  );
}
