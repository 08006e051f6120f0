import { useApi } from "@paceline/sdk/react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useFormat } from "../../../format/use_format.ts";
import { Answer } from "../../../parts/answer.tsx";
import { Card } from "../../../parts/card.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { Field } from "../../../parts/field.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { MetricChoice } from "../metric_choice.tsx";
import { toMetric, WINDOWS } from "../search.ts";
import { useStatisticsSearch } from "../use_search.ts";
import { RecordCard } from "./record_card.tsx";
import { hasRecord, toSportOrder } from "./record_periods.ts";

/** The best of each sport: of all time, of this year, or of the last weeks. */
export function Records(): ReactNode {
  const { statistics: texts } = useTexts();
  const { weekStart } = useFormat();
  const { search, change } = useStatisticsSearch();
  const window = search.window ?? "all";
  const metric = toMetric(search);
  const records = useQuery({
    ...useApi().stats.records.queryOptions({
      sport: search.sport,
      window,
      // The server has no biggest periods by the number of activities.
      metric: metric === "count" ? "distance" : metric,
      week_start: weekStart,
    }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <div className="filters">
        <Field label={texts.records.window}>
          <select
            value={window}
            onChange={({ target: { value } }) =>
              change({ window: WINDOWS.find((each) => each === value) })}
          >
            {WINDOWS.map((each) => (
              <option key={each} value={each}>
                {texts.records.windows[each]}
              </option>
            ))}
          </select>
        </Field>
        <div className="field">
          <span className="field-label">{texts.records.biggestBy}</span>
          <MetricChoice
            metrics={["distance", "moving_time", "elevation_gain"]}
          />
        </div>
      </div>
      <Answer request={records} height={640}>
        {({ data }) => {
          const shown = Object.entries(data)
            .filter(([, records]) => hasRecord(records))
            .sort(([a], [b]) => toSportOrder(a, b));
          return shown.length === 0
            ? (
              <Card title={texts.sections.records}>
                <Empty title={texts.none} text={texts.noneText} />
              </Card>
            )
            : (
              <div className="cards">
                {shown.map(([sport, records]) => (
                  <RecordCard key={sport} sport={sport} records={records} />
                ))}
              </div>
            );
        }}
      </Answer>
    </>
  );
}
