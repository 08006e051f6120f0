import type { ReactNode } from "react";
import { type Metric, METRICS } from "../../format/metric.ts";
import { Choice } from "../../parts/choice.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { toMetric } from "./search.ts";
import { useStatisticsSearch } from "./use_search.ts";

/** The choice of the sum that a page of the statistics shows. */
export function MetricChoice(
  { metrics = METRICS }: { metrics?: readonly Metric[] },
): ReactNode {
  const { parts: texts } = useTexts();
  const toName = useMetricName();
  const { search, change } = useStatisticsSearch();
  return (
    <Choice
      label={texts.metric}
      options={metrics.map((metric) => [metric, toName(metric)] as const)}
      value={toMetric(search)}
      onChange={(metric) =>
        change({ metric: metric === "distance" ? undefined : metric })}
    />
  );
}

/** Returns a function that names a sum. */
export function useMetricName(): (metric: Metric) => string {
  const { metrics } = useTexts();
  const names: Record<Metric, string> = {
    distance: metrics.distance,
    moving_time: metrics.movingTime,
    elevation_gain: metrics.elevation,
    count: metrics.count,
  };
  return (metric) => names[metric];
}
