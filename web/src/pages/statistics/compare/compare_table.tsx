import type { CompareStatistic, PeriodTotal } from "@paceline/sdk";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { RowBars } from "../../../charts/row_bars.tsx";
import { createMeasure, METRICS } from "../../../format/metric.ts";
import { type Format, useFormat } from "../../../format/use_format.ts";
import { ChartFigure } from "../../../parts/chart_figure.tsx";
import { DataTable } from "../../../parts/data_table.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { useMetricName } from "../metric_choice.tsx";
import { useStatisticsSearch } from "../use_search.ts";

/** The sums of two periods with their differences, and bars of each pair. */
export function CompareTable(
  { data: { current, base, change } }: { data: CompareStatistic["data"] },
): ReactNode {
  const { statistics: { compare: texts }, overview } = useTexts();
  const format = useFormat();
  const toName = useMetricName();
  const rows = METRICS.map((metric) => {
    const measure = createMeasure(metric, format);
    const { difference, percent } = change[metric];
    const sign = difference > 0 ? "+" : difference < 0 ? "−" : "";
    return {
      metric,
      name: toName(metric),
      current: measure.text(current.total[metric]),
      base: measure.text(base.total[metric]),
      difference: `${sign}${measure.text(Math.abs(difference))}`,
      percent: percent === null
        ? "–"
        : `${sign}${format.percent(Math.abs(percent) / 100)}`,
    };
  });
  return (
    <>
      <p>
        <PeriodDays period={current} />{" "}
        <span className="soft">
          {texts.against(overview.days(current.days))}
        </span>{" "}
        <PeriodDays period={base} />{" "}
        <span className="soft">({overview.days(base.days)})</span>
      </p>
      <DataTable
        label={texts.periods}
        columns={[
          texts.sum,
          texts.current,
          texts.base,
          texts.difference,
          texts.percent,
        ]}
        rows={rows.map((row) => ({
          key: row.metric,
          cells: [
            row.name,
            row.current,
            row.base,
            row.difference,
            row.percent,
          ],
        }))}
      />
      <ChartFigure
        summary={rows.map(({ name, current, base, percent }) =>
          `${name}: ${current}, ${base}, ${percent}`
        ).join("; ")}
        table={{
          columns: [texts.sum, toDays(current, format), toDays(base, format)],
          rows: rows.map(({ name, current, base }) => [name, current, base]),
        }}
      >
        <div className="cards compare-bars">
          {rows.map(({ metric, name, ...values }) => (
            <div key={metric}>
              <p className="soft">{name}</p>
              <RowBars
                bars={[
                  {
                    key: "current",
                    name: toDays(current, format),
                    value: current.total[metric],
                    text: values.current,
                    isHighlighted: true,
                  },
                  {
                    key: "base",
                    name: toDays(base, format),
                    value: base.total[metric],
                    text: values.base,
                  },
                ]}
              />
            </div>
          ))}
        </div>
      </ChartFigure>
    </>
  );
}

function PeriodDays({ period }: { period: PeriodTotal }): ReactNode {
  const format = useFormat();
  const { search: { sport } } = useStatisticsSearch();
  return (
    <Link
      to="/activities"
      search={{
        from: period.from,
        to: period.to,
        ...sport !== undefined && { sport },
      }}
    >
      {toDays(period, format)}
    </Link>
  );
}

function toDays({ from, to }: PeriodTotal, format: Format): string {
  return `${format.day(from)} – ${format.day(to)}`;
}
