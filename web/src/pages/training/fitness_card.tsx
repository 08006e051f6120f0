import type { TrainingDay } from "@paceline/sdk";
import type { ReactNode } from "react";
import { useFormat } from "../../format/use_format.ts";
import { Card } from "../../parts/card.tsx";
import { Value, Values } from "../../parts/values.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { DayChart, type DayLine } from "./day_chart.tsx";
import { toRamp } from "./load_sums.ts";

/** Fitness, fatigue and form of the last day, and over all shown days. */
export function FitnessCard(
  { days }: { days: readonly TrainingDay[] },
): ReactNode {
  const { training: texts, overview } = useTexts();
  const format = useFormat();
  const last = days.at(-1);
  const ramp = toRamp(days);
  if (!last) return null;
  return (
    <Card title={texts.fitness}>
      <p className="soft">{format.day(last.date, "long")}</p>
      <Values>
        <Value
          name={overview.fitness}
          value={format.number(last.ctl)}
          note={texts.fitnessNote}
        />
        <Value
          name={overview.fatigue}
          value={format.number(last.atl)}
          note={texts.fatigueNote}
        />
        <Value
          name={overview.formValue}
          value={format.signed(last.tsb)}
          note={texts.formNote}
        />
        <Value
          name={texts.ramp}
          value={ramp === undefined ? "–" : format.signed(ramp)}
          note={texts.rampNote}
        />
      </Values>
      <DayChart
        days={days}
        height={300}
        summary={`${overview.fitness} ${
          format.number(last.ctl)
        }, ${overview.fatigue} ${
          format.number(last.atl)
        }, ${overview.formValue} ${format.signed(last.tsb)}`}
        lines={[
          toLine("ctl", overview.fitness, "--chart-1"),
          toLine("atl", overview.fatigue, "--chart-2"),
          toLine("tsb", overview.formValue, "--chart-3"),
        ]}
      />
      <p className="soft pointer-only">{texts.zoom}</p>
    </Card>
  );
}

function toLine(key: DayLine["key"], name: string, colour: string): DayLine {
  return { key, name, colour, digits: 0 };
}
