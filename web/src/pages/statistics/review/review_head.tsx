import type { ReactNode } from "react";
import { createMeasure, METRICS } from "../../../format/metric.ts";
import { useFormat } from "../../../format/use_format.ts";
import { useTexts } from "../../../texts/use_texts.ts";
import { useMetricName } from "../metric_choice.tsx";
import type { YearReview } from "./use_review.ts";

/** The year in large numbers, each against the year before. */
export function ReviewHead(
  { review, subject }: {
    review: YearReview;
    /** The sport, if not all count. */
    subject: string | undefined;
  },
): ReactNode {
  const { statistics: { review: texts } } = useTexts();
  const format = useFormat();
  const toName = useMetricName();
  const { year, today, total, before, activeDays, days } = review;
  const isOver = !today.startsWith(`${year}-`);
  return (
    <section className="review-head" aria-labelledby="review-title">
      <p className="review-kicker">
        {[texts.kicker, subject].filter(Boolean).join(" · ")}
      </p>
      <h2 id="review-title">{isOver ? year : texts.soFar(year)}</h2>
      <dl className="review-values">
        {METRICS.map((metric) => {
          const { text } = createMeasure(metric, format);
          const change = before[metric] > 0
            ? (total[metric] - before[metric]) / before[metric]
            : undefined;
          return (
            <div key={metric}>
              <dt>{toName(metric)}</dt>
              <dd>
                <b>{text(total[metric])}</b>
                {change !== undefined && (
                  <span>
                    {texts.change(format.percent(Math.abs(change)), {
                      isMore: change >= 0,
                      year: year - 1,
                    })}
                  </span>
                )}
              </dd>
            </div>
          );
        })}
        <div>
          <dt>{texts.activeDays}</dt>
          <dd>
            <b>{format.number(activeDays)}</b>
            <span>{texts.ofDays(format.percent(activeDays / days))}</span>
          </dd>
        </div>
      </dl>
    </section>
  );
}
