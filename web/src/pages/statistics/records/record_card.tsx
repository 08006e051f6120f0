import type { NamedActivity, SportRecords } from "@paceline/sdk";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { createMeasure, type Metric } from "../../../format/metric.ts";
import { type Format, useFormat } from "../../../format/use_format.ts";
import { useSportName } from "../../../format/use_sport_name.ts";
import { ActivityLink } from "../../../parts/activity_link.tsx";
import { Card } from "../../../parts/card.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import {
  getBiggest,
  type PeriodLength,
  PERIODS,
  toPeriodEnd,
} from "./record_periods.ts";

/** The records of a sport. Each one leads to its activity, or to the activities of its period. */
export function RecordCard(
  { sport, records }: { sport: string; records: SportRecords },
): ReactNode {
  const { statistics: { records: texts } } = useTexts();
  const format = useFormat();
  const name = useSportName()(sport);
  const singles = [
    [texts.longest, records.longest_distance, "distance"],
    [texts.longestTime, records.longest_time, "moving_time"],
    [texts.mostClimbing, records.most_climbing, "elevation_gain"],
  ] as const;
  const fastest = records.fastest.filter(({ activity }) => activity !== null);
  const biggest = createMeasure(records.metric, format);
  return (
    <Card title={name}>
      <ul className="rows records">
        {singles.map(([name, record, metric]) =>
          record && (
            <RecordRow
              key={name}
              name={name}
              value={toText(metric, record.value, format)}
            >
              <NamedLink activity={record.activity} />
            </RecordRow>
          )
        )}
        {fastest.map(({ min_distance, speed, activity }) => (
          <RecordRow
            key={min_distance}
            name={texts.fastest(format.distance(min_distance))}
            value={format.pace(speed ?? 0, sport)}
          >
            {activity && <NamedLink activity={activity} />}
          </RecordRow>
        ))}
        {PERIODS.map((length) => {
          const record = getBiggest(records, length);
          return record && (
            <RecordRow
              key={length}
              name={texts.biggest[length]}
              value={biggest.text(record.value)}
            >
              <PeriodLink sport={sport} length={length} start={record.date} />
            </RecordRow>
          );
        })}
      </ul>
    </Card>
  );
}

function RecordRow(
  { name, value, children }: {
    name: string;
    value: string;
    children: ReactNode;
  },
): ReactNode {
  return (
    <li>
      <span>
        <span className="soft">{name}</span>
        <span className="record-of">{children}</span>
      </span>
      <span className="number nowrap">{value}</span>
    </li>
  );
}

function NamedLink({ activity }: { activity: NamedActivity }): ReactNode {
  const format = useFormat();
  return (
    <>
      <ActivityLink id={activity.id}>{activity.name}</ActivityLink>{" "}
      <span className="soft">{format.day(activity.date)}</span>
    </>
  );
}

function PeriodLink(
  { sport, length, start }: {
    sport: string;
    length: PeriodLength;
    start: string;
  },
): ReactNode {
  const format = useFormat();
  const end = toPeriodEnd(length, start);
  return (
    <Link to="/activities" search={{ sport, from: start, to: end }}>
      {length === "day"
        ? format.day(start)
        : length === "week"
        ? `${format.day(start, "dayMonth")} – ${format.day(end)}`
        : length === "month"
        ? format.month(start.slice(0, 7))
        : start.slice(0, 4)}
    </Link>
  );
}

/** The time of one activity is a clock's; sums of many are hours. */
function toText(metric: Metric, value: number, format: Format): string {
  return metric === "moving_time"
    ? format.clock(value)
    : createMeasure(metric, format).text(value);
}
