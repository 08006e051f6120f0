import type { SportShare } from "@paceline/sdk";
import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { BarChart } from "../../../charts/bar_chart.tsx";
import { useFormat } from "../../../format/use_format.ts";
import { useSportName } from "../../../format/use_sport_name.ts";
import { Card } from "../../../parts/card.tsx";
import { ChartFigure } from "../../../parts/chart_figure.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { useStatisticsSearch } from "../use_search.ts";
import { listBands, toMileBands } from "./bands.ts";
import { findMost } from "./find_most.ts";

/** Number of activities of a sport in each band of distances. */
export function BandsCard({ share }: { share: SportShare }): ReactNode {
  const { statistics: texts, metrics, overview } = useTexts();
  const format = useFormat();
  const sportName = useSportName()(share.sport);
  const { bands, band_width } = useBands(share);
  const all = listBands(bands, band_width);
  const toText = (count: number): string =>
    overview.activities(count, format.number(count));
  const toBound = (metres: number): string =>
    format.number(format.inDistanceUnit(metres), 1);
  const shown = all.map((band) => ({
    ...band,
    label: toBound(band.from),
    name: `${toBound(band.from)}–${toBound(band.to)} ${format.distanceUnit}`,
  }));
  const most = findMost(shown, ({ count }) => count);
  return (
    <Card title={texts.distribution.bands(sportName)}>
      <ChartFigure
        isSummaryVisible
        summary={most ? texts.most(most.name, toText(most.count)) : texts.none}
        table={{
          columns: [metrics.distance, metrics.count],
          rows: shown.map(({ name, count }) => [name, format.number(count)]),
        }}
      >
        <span className="chart-unit">
          {texts.distribution.from(format.distanceUnit)}
        </span>
        <BarChart
          height={150}
          bars={shown.map((band) => ({
            key: String(band.from),
            label: band.label,
            title: band.name,
            value: band.count,
            text: toText(band.count),
            isHighlighted: band === most,
          }))}
        />
      </ChartFigure>
    </Card>
  );
}

/** Returns the bands in whole kilometres or miles. Only those in kilometres come with the distribution. */
function useBands(share: SportShare): SportShare {
  const { units } = useFormat();
  const { search: { year } } = useStatisticsSearch();
  const inMiles = useQuery({
    ...useApi().stats.distribution.queryOptions({
      sport: share.sport,
      year,
      band_width: toMileBands(share.band_width),
    }),
    enabled: units === "imperial",
  });
  return units === "imperial" ? inMiles.data?.data.sports[0] ?? share : share;
}
