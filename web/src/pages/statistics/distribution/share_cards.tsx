import type { DistributionStatistic, SportShare } from "@paceline/sdk";
import type { ReactNode } from "react";
import { BarChart } from "../../../charts/bar_chart.tsx";
import { RowBars } from "../../../charts/row_bars.tsx";
import { createMeasure } from "../../../format/metric.ts";
import { useFormat } from "../../../format/use_format.ts";
import { useSportName } from "../../../format/use_sport_name.ts";
import { Card } from "../../../parts/card.tsx";
import { ChartFigure } from "../../../parts/chart_figure.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { useMetricName } from "../metric_choice.tsx";
import { toMetric } from "../search.ts";
import { useStatisticsSearch } from "../use_search.ts";
import { findMost } from "./find_most.ts";

interface Props {
  data: DistributionStatistic["data"];
}

/** Hours between two labels. */
const HOUR_STEP = 3;

/** The weekdays, in the order of the visitor's week. */
export function WeekdaysCard({ data: { weekdays } }: Props): ReactNode {
  const { statistics: { distribution: texts } } = useTexts();
  const format = useFormat();
  return (
    <ShareCard
      title={texts.weekdays}
      column={texts.weekday}
      shares={weekdays.map(({ weekday, ...total }) => ({
        ...total,
        key: String(weekday),
        label: format.weekday(weekday, "short"),
        name: format.weekday(weekday),
      }))}
    />
  );
}

/** The hours at which activities start. */
export function HoursCard({ data: { hours, unknown_hour } }: Props): ReactNode {
  const { statistics: { distribution: texts } } = useTexts();
  const format = useFormat();
  const toTime = (hour: number): string =>
    format.timeOfDay(`2024-01-01T${String(hour % 24).padStart(2, "0")}:00:00`);
  return (
    <ShareCard
      title={texts.hours}
      column={texts.hour}
      shares={hours.map(({ hour, ...total }) => ({
        ...total,
        key: String(hour),
        label: hour % HOUR_STEP === 0 ? String(hour) : "",
        name: `${toTime(hour)} – ${toTime(hour + 1)}`,
      }))}
      note={unknown_hour.count > 0
        ? texts.unknownHour(
          unknown_hour.count,
          format.number(unknown_hour.count),
        )
        : undefined}
    />
  );
}

/** The shares of the sports. */
export function SportsCard(
  { sports }: { sports: readonly SportShare[] },
): ReactNode {
  const { statistics: { distribution: texts, sport }, metrics } = useTexts();
  const format = useFormat();
  const toName = useSportName();
  const { search } = useStatisticsSearch();
  const metric = toMetric(search);
  const measure = createMeasure(metric, format);
  const all = sports.reduce((sum, total) => sum + total[metric], 0);
  const shown = sports.filter((total) => total[metric] > 0)
    .sort((a, b) => b[metric] - a[metric]);
  const toText = (value: number): string =>
    `${measure.text(value)} · ${format.percent(all > 0 ? value / all : 0)}`;
  return (
    <Card title={texts.sports}>
      <ChartFigure
        summary={shown.map((total) =>
          `${toName(total.sport)}: ${toText(total[metric])}`
        ).join(", ")}
        table={{
          columns: [sport, metrics.count, metrics.distance, metrics.movingTime],
          rows: sports.map((total) => [
            toName(total.sport),
            format.number(total.count),
            createMeasure("distance", format).text(total.distance),
            createMeasure("moving_time", format).text(total.moving_time),
          ]),
        }}
      >
        <RowBars
          bars={shown.map((total) => ({
            key: total.sport,
            name: toName(total.sport),
            value: total[metric],
            text: toText(total[metric]),
          }))}
        />
      </ChartFigure>
    </Card>
  );
}

function ShareCard(
  { title, column, shares, note }: {
    title: string;
    column: string;
    shares: readonly {
      key: string;
      label: string;
      name: string;
      count: number;
      distance: number;
      moving_time: number;
      elevation_gain: number;
    }[];
    note?: string | undefined;
  },
): ReactNode {
  const { statistics: texts } = useTexts();
  const format = useFormat();
  const { search } = useStatisticsSearch();
  const metric = toMetric(search);
  const name = useMetricName()(metric);
  const measure = createMeasure(metric, format);
  const most = findMost(shares, (share) => share[metric]);
  return (
    <Card title={title}>
      <ChartFigure
        isSummaryVisible
        summary={most
          ? texts.most(most.name, measure.text(most[metric]))
          : texts.none}
        table={{
          columns: [column, name],
          rows: shares.map((share) => [
            share.name,
            measure.text(share[metric]),
          ]),
        }}
      >
        <BarChart
          height={170}
          bars={shares.map((share) => ({
            key: share.key,
            label: share.label,
            title: share.name,
            value: share[metric],
            text: measure.text(share[metric]),
            isHighlighted: share === most,
          }))}
        />
      </ChartFigure>
      {note && <p className="soft">{note}</p>}
    </Card>
  );
}
