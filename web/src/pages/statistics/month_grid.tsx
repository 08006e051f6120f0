import type { ReactNode } from "react";
import { createMeasure } from "../../format/metric.ts";
import { useFormat } from "../../format/use_format.ts";
import { useTexts } from "../../texts/use_texts.ts";
import { useMetricName } from "./metric_choice.tsx";
import { toMetric } from "./search.ts";
import { type DaySum, sumByMonth, toLevel } from "./sums.ts";
import { useStatisticsSearch } from "./use_search.ts";

const MONTHS = Array.from(
  { length: 12 },
  (_, index) => String(index + 1).padStart(2, "0"),
);

/** The sum of every month: a row for each year, and a darker cell for a month with more. */
export function MonthGrid({ days }: { days: readonly DaySum[] }): ReactNode {
  const { statistics: texts } = useTexts();
  const format = useFormat();
  const { search } = useStatisticsSearch();
  const metric = toMetric(search);
  const name = useMetricName()(metric);
  const { short, unit } = createMeasure(metric, format);
  const months = sumByMonth(days);
  const most = Math.max(...months.values());
  const years = [...new Set(days.map(({ date }) => date.slice(0, 4)))]
    .reverse();
  const label = unit === "" ? name : `${name}, ${unit}`;
  return (
    <>
      <p className="soft">{label}</p>
      <div className="scroll" role="region" aria-label={label} tabIndex={0}>
        <table className="month-grid">
          <thead>
            <tr>
              <th scope="col">{texts.year}</th>
              {MONTHS.map((month) => (
                <th key={month} scope="col">
                  {format.month(`2024-${month}`, "short")}
                </th>
              ))}
              <th scope="col">{texts.sum}</th>
            </tr>
          </thead>
          <tbody>
            {years.map((year) => {
              const values = MONTHS.map((month) =>
                months.get(`${year}-${month}`)
              );
              return (
                <tr key={year}>
                  <th scope="row">{year}</th>
                  {values.map((value, index) => (
                    <td key={index} data-level={toLevel(value ?? 0, most)}>
                      {value === undefined
                        ? ""
                        : value === 0
                        ? "–"
                        : short(value)}
                    </td>
                  ))}
                  <td className="number">
                    {short(values.reduce<number>(
                      (sum, value) => sum + (value ?? 0),
                      0,
                    ))}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
