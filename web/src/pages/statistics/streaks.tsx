import type { Streak, Streaks as StreaksOf } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useFormat } from "../../format/use_format.ts";
import { Answer } from "../../parts/answer.tsx";
import { Card } from "../../parts/card.tsx";
import { Value, Values } from "../../parts/values.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { useStatisticsSearch } from "./use_search.ts";

/** Days, weeks and months in a row with an activity in each. */
export function Streaks(): ReactNode {
  const { statistics: { streaks: texts }, overview } = useTexts();
  const { weekStart } = useFormat();
  const { search: { sport } } = useStatisticsSearch();
  const streaks = useQuery({
    ...useApi().stats.streaks.queryOptions({ sport, week_start: weekStart }),
    placeholderData: keepPreviousData,
  });
  return (
    <Answer request={streaks} height={240}>
      {({ data }) => (
        <div className="cards">
          <StreakCard
            title={texts.day}
            streaks={data.day}
            toText={overview.days}
          />
          <StreakCard
            title={texts.week}
            streaks={data.week}
            toText={overview.weeks}
          />
          <StreakCard
            title={texts.month}
            streaks={data.month}
            toText={overview.months}
          />
        </div>
      )}
    </Answer>
  );
}

function StreakCard(
  { title, streaks: { current, longest, reason }, toText }: {
    title: string;
    streaks: StreaksOf;
    toText: (count: number) => string;
  },
): ReactNode {
  const { statistics: { streaks: texts, none }, overview } = useTexts();
  return (
    <Card title={title}>
      {reason === "no_activity" ? <p className="soft">{none}</p> : (
        <Values>
          <Value
            name={texts.current}
            value={current ? toText(current.length) : overview.noStreak}
            note={current ? <StreakDays streak={current} /> : texts.ended}
          />
          {longest && (
            <Value
              name={texts.longest}
              value={toText(longest.length)}
              note={<StreakDays streak={longest} />}
            />
          )}
        </Values>
      )}
    </Card>
  );
}

function StreakDays(
  { streak: { start, end } }: { streak: Streak },
): ReactNode {
  const format = useFormat();
  const { search: { sport } } = useStatisticsSearch();
  return (
    <Link
      to="/activities"
      search={{
        from: start,
        to: end,
        ...sport !== undefined && { sport },
      }}
    >
      {format.day(start)} – {format.day(end)}
    </Link>
  );
}
