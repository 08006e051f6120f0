import type { ReactNode } from "react";
import type { OverviewStatistic, Streaks } from "@paceline/sdk";
import { useFormat } from "../../format/use_format.ts";
import { Card } from "../../parts/card.tsx";
import { Value, Values } from "../../parts/values.tsx";
import { useTexts } from "../../texts/use_texts.ts";

type Data = OverviewStatistic["data"];

/** The current streaks of days, weeks and months, and the longest ones. */
export function StreaksCard(
  { streaks }: { streaks: Data["streaks"] },
): ReactNode {
  const { overview: texts } = useTexts();
  const row = (
    { current, longest }: Streaks,
    toText: (count: number) => string,
  ) => ({
    value: current ? toText(current.length) : texts.noStreak,
    note: longest ? texts.longest(toText(longest.length)) : "",
  });
  const rows = [
    row(streaks.day, texts.days),
    row(streaks.week, texts.weeks),
    row(streaks.month, texts.months),
  ];
  return (
    <Card title={texts.streaks} to="/statistics/streaks">
      <ul className="rows">
        {rows.map(({ value, note }, index) => (
          <li key={index}>
            <span className="number">{value}</span>
            <span className="soft">{note}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** The Eddington number in the visitor's unit. */
export function EddingtonCard(
  { eddington }: { eddington: Data["eddington"] },
): ReactNode {
  const { overview: texts } = useTexts();
  const { distanceUnit } = useFormat();
  const { value, next } = eddington[distanceUnit];
  return (
    <Card title={texts.eddington} to="/statistics/eddington">
      <Values>
        <Value
          name={distanceUnit}
          value={value}
          note={texts.eddingtonText(value, distanceUnit, next.days_needed)}
        />
      </Values>
    </Card>
  );
}

/** The next round numbers of all sums. */
export function MilestonesCard(
  { milestones }: { milestones: Data["next_milestones"] },
): ReactNode {
  const { overview: texts, metrics } = useTexts();
  const format = useFormat();
  const { distanceUnit: unit } = format;
  const distance = unit === "km"
    ? milestones.distance_km
    : milestones.distance_mi;
  const rows = [
    [metrics.distance, distance, unit],
    [metrics.movingTime, milestones.moving_time_hours, "h"],
    [metrics.count, milestones.count, ""],
  ] as const;
  return (
    <Card title={texts.milestones} to="/statistics/milestones">
      <ul className="rows">
        {rows.map(([name, { value, remaining }, unit]) => (
          <li key={name}>
            <span>
              <span className="soft">{name}</span>{" "}
              <span className="number">{format.number(value)} {unit}</span>
            </span>
            <span className="soft">
              {texts.toGo(`${format.number(remaining)} ${unit}`)}
            </span>
          </li>
        ))}
      </ul>
    </Card>
  );
}
