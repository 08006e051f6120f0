import type { GoalStatistic } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Goal } from "../../../app/parse_goals.ts";
import { createMeasure } from "../../../format/metric.ts";
import { useFormat } from "../../../format/use_format.ts";
import { useSportName } from "../../../format/use_sport_name.ts";
import { Answer } from "../../../parts/answer.tsx";
import { ProgressBar } from "../../../parts/progress_bar.tsx";
import { useTexts } from "../../../texts/use_texts.ts";

/** Shares that differ by less than this are on pace. */
const ON_PACE = 0.005;

/** The progress of a goal: the done part, the expected place today, and the rest. */
export function GoalProgress(
  { goal, isShort = false }: { goal: Goal; isShort?: boolean },
): ReactNode {
  const { weekStart } = useFormat();
  const { metric, target, period, sport } = goal;
  const progress = useQuery({
    ...useApi().stats.goal.queryOptions({
      metric,
      target,
      period,
      sport,
      week_start: weekStart,
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <Answer request={progress} height={isShort ? 50 : 130}>
      {({ data }) => <Progress data={data} goal={goal} isShort={isShort} />}
    </Answer>
  );
}

function Progress(
  { data, goal, isShort }: {
    data: GoalStatistic["data"];
    goal: Goal;
    isShort: boolean;
  },
): ReactNode {
  const { training: { goals: texts } } = useTexts();
  const format = useFormat();
  const toName = useGoalName();
  const { text } = createMeasure(goal.metric, format);
  const { target, done, expected, difference, projection } = data;
  const { needed_per_day, from, to } = data;
  const share = done / target;
  const pace = share >= 1
    ? texts.reached
    : Math.abs(difference / target) < ON_PACE
    ? texts.onPace
    : difference > 0
    ? texts.ahead(text(difference))
    : texts.behind(text(-difference));
  const summary = texts.done(text(done), text(target), format.percent(share));
  return (
    <>
      <p>
        <span className="number">{summary}</span>
      </p>
      <ProgressBar
        label={toName(goal)}
        text={`${summary}. ${pace}`}
        share={share}
        expected={expected / target}
      />
      <p>{pace}</p>
      {!isShort && (
        <ul className="goal-facts soft">
          <li>{texts.expected(text(expected))}</li>
          {needed_per_day !== null && needed_per_day > 0 && (
            <li>{texts.needed(text(needed_per_day))}</li>
          )}
          {projection !== null && <li>{texts.projection(text(projection))}</li>}
          <li>{format.day(from)} – {format.day(to)}</li>
        </ul>
      )}
    </>
  );
}

/** Returns a function that names a goal, such as "1,000 km this year, Runs". */
export function useGoalName(): (goal: Goal) => string {
  const { training: { goals: texts }, overview } = useTexts();
  const format = useFormat();
  const toSport = useSportName();
  return ({ metric, target, period, sport }) => {
    const amount = metric === "count"
      ? overview.activities(target, format.number(target))
      : createMeasure(metric, format).text(target);
    const kind = metric === "elevation_gain" ? texts.climbing(amount) : amount;
    const name = `${kind} ${texts.inPeriod[period]}`;
    return sport === undefined ? name : `${name}, ${toSport(sport)}`;
  };
}
