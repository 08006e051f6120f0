import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormat } from "../../../format/use_format.ts";
import { Answer } from "../../../parts/answer.tsx";
import { Card } from "../../../parts/card.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { useStatisticsSearch } from "../use_search.ts";
import { useToday } from "../use_years.ts";
import { CompareTable } from "./compare_table.tsx";
import { toCompareInput } from "./periods.ts";
import { PeriodsForm } from "./periods_form.tsx";

/** Two periods side by side: a usual pair, or any days. */
export function Compare(): ReactNode {
  const { statistics: { sections } } = useTexts();
  const { weekStart } = useFormat();
  const { search } = useStatisticsSearch();
  const today = useToday();
  const compare = useQuery({
    ...useApi().stats.compare.queryOptions({
      ...toCompareInput(search, today),
      sport: search.sport,
      week_start: weekStart,
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <PeriodsForm shown={compare.data?.data} />
      <Card title={sections.compare}>
        <Answer request={compare} height={300}>
          {({ data }) => <CompareTable data={data} />}
        </Answer>
      </Card>
    </>
  );
}
