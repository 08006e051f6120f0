import type { TrainingDay } from "@paceline/sdk";
import type { ReactNode } from "react";
import { useFormat } from "../../format/use_format.ts";
import { Card } from "../../parts/card.tsx";
import { Value, Values } from "../../parts/values.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { DayChart } from "./day_chart.tsx";

const HEIGHT = 180;

/** The ratio of a week to four, and how alike the days of a week are. */
export function BalanceCards(
  { days }: { days: readonly TrainingDay[] },
): ReactNode {
  const { training: texts } = useTexts();
  const format = useFormat();
  const last = days.at(-1);
  if (!last) return null;
  const toText = (value: number | null, digits: number): string =>
    value === null ? "–" : format.number(value, digits);
  return (
    <>
      <Card title={texts.acwr}>
        <Values>
          <Value
            name={texts.acwrValue}
            value={toText(last.acwr, 2)}
            note={last.acwr_reason && texts.reasons[last.acwr_reason]}
          />
        </Values>
        <DayChart
          days={days}
          height={HEIGHT}
          summary={`${texts.acwr}: ${toText(last.acwr, 2)}`}
          lines={[{
            ...{ key: "acwr", name: texts.acwrValue },
            ...{ colour: "--chart-4", digits: 2 },
          }]}
        />
        <p className="soft">{texts.acwrCaveat}</p>
      </Card>
      <Card title={texts.monotonyAndStrain}>
        <Values>
          <Value
            name={texts.monotony}
            value={toText(last.monotony, 2)}
            note={last.monotony_reason && texts.reasons[last.monotony_reason]}
          />
          <Value name={texts.strain} value={toText(last.strain, 0)} />
        </Values>
        <DayChart
          days={days}
          height={HEIGHT}
          summary={`${texts.monotony}: ${toText(last.monotony, 2)}`}
          lines={[{
            ...{ key: "monotony", name: texts.monotony },
            ...{ colour: "--chart-1", digits: 2 },
          }]}
        />
        <DayChart
          days={days}
          height={HEIGHT}
          summary={`${texts.strain}: ${toText(last.strain, 0)}`}
          lines={[{
            ...{ key: "strain", name: texts.strain },
            ...{ colour: "--chart-2", digits: 0 },
          }]}
        />
        <p className="soft">{texts.monotonyCaveat}</p>
      </Card>
    </>
  );
}
