import type { TrainingLoadStatistic } from "@paceline/sdk";
import type { ReactNode } from "react";
import { RowBars } from "../../charts/row_bars.tsx";
import { useFormat } from "../../format/use_format.ts";
import { Card } from "../../parts/card.tsx";
import { ChartFigure } from "../../parts/chart_figure.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { toSourceShares } from "./load_sums.ts";

/** The sources of the load, and the share that is only estimated. */
export function SourceCard(
  { data: { days, estimated_share } }: { data: TrainingLoadStatistic["data"] },
): ReactNode {
  const { training: texts } = useTexts();
  const format = useFormat();
  const shares = toSourceShares(days);
  return (
    <Card title={texts.source}>
      {estimated_share === null
        ? <p className="soft">{texts.noLoad}</p>
        : (
          <ChartFigure
            isSummaryVisible
            summary={texts.estimated(format.percent(estimated_share))}
            table={{
              columns: [texts.source, texts.load],
              rows: shares.map(({ source, load }) => [
                texts.sources[source],
                texts.points(format.number(load)),
              ]),
            }}
          >
            <RowBars
              bars={shares.map(({ source, load, share }) => ({
                key: source,
                name: texts.sources[source],
                value: load,
                text: format.percent(share),
              }))}
            />
          </ChartFigure>
        )}
      <p className="soft">{texts.sourceNote}</p>
    </Card>
  );
}
