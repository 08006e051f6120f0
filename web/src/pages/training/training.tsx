import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Answer } from "../../parts/answer.tsx";
import { Card } from "../../parts/card.tsx";
import { Empty } from "../../parts/empty.tsx";
import { PageTitle } from "../../parts/page_title.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { useToday } from "../statistics/use_years.ts";
import { BalanceCards } from "./balance_cards.tsx";
import { FitnessCard } from "./fitness_card.tsx";
import { GoalsSection } from "./goals/goals_section.tsx";
import { LoadCard } from "./load_card.tsx";
import { RangeForm } from "./range_form.tsx";
import { dropUndefined, toDays, type TrainingChanges } from "./search.ts";
import { SourceCard } from "./source_card.tsx";

/** Fitness, fatigue and form over any time, the load behind them, and the visitor's goals. */
export function Training(): ReactNode {
  const { training: texts } = useTexts();
  const search = useSearch({ from: "/training" });
  const navigate = useNavigate({ from: "/training" });
  const today = useToday();
  const load = useQuery({
    ...useApi().stats.trainingLoad.queryOptions({
      ...toDays(search, today),
      sport: search.sport,
    }),
    placeholderData: keepPreviousData,
  });
  const change = (changes: TrainingChanges): void => {
    void navigate({
      search: (before) => dropUndefined({ ...before, ...changes }),
      replace: true,
      resetScroll: false,
    });
  };
  return (
    <>
      <PageTitle title={texts.title} />
      <RangeForm
        search={search}
        change={change}
        shown={load.data?.data.days ?? []}
      />
      <Answer request={load} height={900}>
        {({ data }) =>
          data.days.length === 0
            ? (
              <Card title={texts.fitness}>
                <Empty title={texts.none} text={texts.noneText} />
              </Card>
            )
            : (
              <div className="stacked">
                <FitnessCard days={data.days} />
                <div className="cards">
                  <LoadCard days={data.days} />
                  <SourceCard data={data} />
                </div>
                <div className="cards halves">
                  <BalanceCards days={data.days} />
                </div>
              </div>
            )}
      </Answer>
      <GoalsSection />
    </>
  );
}
