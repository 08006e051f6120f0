import { type ReactNode, useState } from "react";
import { createMeasure, METRICS } from "../../../format/metric.ts";
import { useFormat } from "../../../format/use_format.ts";
import { useSportName } from "../../../format/use_sport_name.ts";
import { useTexts } from "../../../texts/use_texts.ts";
import { useMetricName } from "../metric_choice.tsx";
import { toMetric } from "../search.ts";
import { useStatisticsSearch } from "../use_search.ts";
import { drawPicture, type Picture } from "./draw_picture.ts";
import { saveFile } from "../../../app/save_file.ts";
import { canShareFiles, shareFile } from "./share_file.ts";
import type { YearReview } from "./use_review.ts";

/** A button that makes a picture of the year and shares it, or saves it where nothing can be shared. */
export function SharePicture({ review }: { review: YearReview }): ReactNode {
  const { statistics: { review: texts } } = useTexts();
  const picture = usePicture(review);
  const [hasFailed, setFailed] = useState(false);
  const isShared = canShareFiles();
  const share = async (): Promise<void> => {
    try {
      const file = await drawPicture(picture, `paceline-${review.year}.png`);
      if (isShared) await shareFile(file, picture.title);
      else saveFile(file);
      setFailed(false);
    } catch {
      setFailed(true);
    }
  };
  return (
    <>
      <button
        type="button"
        className="button primary"
        onClick={() => void share()}
      >
        {isShared ? texts.share : texts.save}
      </button>
      {hasFailed && (
        <p className="form-failure" role="alert">{texts.pictureFailed}</p>
      )}
    </>
  );
}

/** Returns the texts and numbers of the picture. */
function usePicture(review: YearReview): Picture {
  const { statistics: { records, review: texts }, overview } = useTexts();
  const format = useFormat();
  const toName = useMetricName();
  const toSport = useSportName();
  const { search } = useStatisticsSearch();
  const { sport } = search;
  const metric = toMetric(search);
  const { text } = createMeasure(metric, format);
  const { year, topDays: [day], topWeek, streak, total } = review;
  return {
    title: String(year),
    kicker: [texts.kicker, sport === undefined ? "" : toSport(sport)]
      .filter(Boolean).join(" · "),
    values: METRICS.map((metric) => ({
      name: toName(metric),
      value: createMeasure(metric, format).text(total[metric]),
    })),
    highlights: [
      ...day ? [{ name: records.biggest.day, value: text(day[metric]) }] : [],
      ...topWeek
        ? [{ name: records.biggest.week, value: text(topWeek.total[metric]) }]
        : [],
      ...streak
        ? [{ name: texts.streak, value: overview.days(streak.length) }]
        : [],
    ],
    year,
    weekStart: format.weekStart,
    levels: new Map(review.calendar.map(({ date, level }) => [date, level])),
    months: review.months.map((month, index) => ({
      label: format.month(
        `${year}-${String(index + 1).padStart(2, "0")}`,
        "short",
      ),
      value: month[metric],
    })),
  };
}
