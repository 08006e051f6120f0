import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useSportName } from "../../../format/use_sport_name.ts";
import { Answer } from "../../../parts/answer.tsx";
import { Card } from "../../../parts/card.tsx";
import { Empty } from "../../../parts/empty.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { MetricChoice } from "../metric_choice.tsx";
import { useStatisticsSearch } from "../use_search.ts";
import { useToday, useYears } from "../use_years.ts";
import { YearSelect } from "../year_select.tsx";
import { Highlights } from "./highlights.tsx";
import { ReviewCharts } from "./review_charts.tsx";
import { ReviewHead } from "./review_head.tsx";
import { SharePicture } from "./share_picture.tsx";
import { useReview } from "./use_review.ts";

/** The page of one year, to look at, to print, and to share as a picture. */
export function Review(): ReactNode {
  const { statistics: texts } = useTexts();
  const { search } = useStatisticsSearch();
  const toName = useSportName();
  const today = useToday();
  const years = useYears();
  const year = search.year ?? Number(today.slice(0, 4));
  const review = useReview(year);
  return (
    <div className="review">
      <div className="filters no-print">
        <MetricChoice />
        <YearSelect years={years} value={year} />
        {review.data && <SharePicture review={review.data} />}
        <button
          type="button"
          className="button"
          onClick={() => globalThis.print()}
        >
          {texts.review.print}
        </button>
      </div>
      <Answer request={review} height={900}>
        {(review) =>
          review.total.count === 0
            ? (
              <Card title={texts.review.title(year)}>
                <Empty title={texts.none} text={texts.noneText} />
              </Card>
            )
            : (
              <div className="stacked">
                <ReviewHead
                  review={review}
                  subject={search.sport === undefined
                    ? undefined
                    : toName(search.sport)}
                />
                <div className="cards">
                  <Highlights review={review} />
                  <ReviewCharts review={review} />
                </div>
              </div>
            )}
      </Answer>
      <nav className="actions no-print" aria-label={texts.review.otherYears}>
        {[year - 1, year + 1].filter((each) => years.includes(each))
          .map((each) => (
            <Link
              key={each}
              className="button"
              to="/statistics/review"
              search={{ ...search, year: each }}
            >
              {texts.review.title(each)}
            </Link>
          ))}
      </nav>
    </div>
  );
}
