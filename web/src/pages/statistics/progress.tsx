import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Answer } from "../../parts/answer.tsx";
import { Card } from "../../parts/card.tsx";
import { Empty } from "../../parts/empty.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { MetricChoice } from "./metric_choice.tsx";
import { ProgressChart } from "./progress_chart.tsx";
import { fromYears, toMetric, toYears } from "./search.ts";
import { useStatisticsSearch } from "./use_search.ts";

/** Years that are shown unless others are chosen. */
const SHOWN_YEARS = 3;

/** The sum from 1 January on, year against year. */
export function Progress(): ReactNode {
  const { statistics: texts } = useTexts();
  const { search, change } = useStatisticsSearch();
  const cumulative = useQuery({
    ...useApi().stats.cumulative.queryOptions({
      sport: search.sport,
      metric: toMetric(search),
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <Card title={texts.progress.title} actions={<MetricChoice />}>
      <Answer request={cumulative} height={440}>
        {({ data }) => {
          const all = Object.keys(data.years).map(Number)
            .sort((a, b) => b - a);
          const chosen = toYears(search.years)
            .filter((year) => all.includes(year));
          const years = chosen.length > 0 ? chosen : all.slice(0, SHOWN_YEARS);
          if (years.length === 0) {
            return <Empty title={texts.none} text={texts.noneText} />;
          }
          return (
            <>
              <YearToggles
                all={all}
                chosen={years}
                onChange={(years) =>
                  change({
                    years: years.length > 0 ? fromYears(years) : undefined,
                  })}
              />
              <ProgressChart data={data} years={years} />
            </>
          );
        }}
      </Answer>
    </Card>
  );
}

function YearToggles(
  { all, chosen, onChange }: {
    all: readonly number[];
    chosen: readonly number[];
    onChange: (years: readonly number[]) => void;
  },
): ReactNode {
  const { statistics: texts } = useTexts();
  return (
    <fieldset className="choice toggles">
      <legend className="visually-hidden">{texts.progress.years}</legend>
      {all.map((year) => (
        <label key={year}>
          <input
            type="checkbox"
            className="visually-hidden"
            checked={chosen.includes(year)}
            onChange={({ target: { checked } }) =>
              onChange(
                checked
                  ? [...chosen, year].sort((a, b) => b - a)
                  : chosen.filter((each) => each !== year),
              )}
          />
          <span>{year}</span>
        </label>
      ))}
    </fieldset>
  );
}
