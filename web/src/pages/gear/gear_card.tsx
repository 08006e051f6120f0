import type { GearTotal } from "@paceline/sdk";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId } from "react";
import { createMeasure } from "../../format/metric.ts";
import { useFormat } from "../../format/use_format.ts";
import { Value, Values } from "../../parts/values.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { GearActions } from "./gear_actions.tsx";
import { toMake } from "./gear_groups.ts";
import { Reminder } from "./reminder.tsx";

/** A gear with its sums. Its name leads to its activities. */
export function GearCard({ gear }: { gear: GearTotal }): ReactNode {
  const { gear: texts, metrics, overview } = useTexts();
  const format = useFormat();
  const id = useId();
  const name = useGearName()(gear);
  const { distance, moving_time, count, first_used, last_used } = gear;
  const make = toMake(gear);
  return (
    <section className="card" aria-labelledby={id}>
      <header>
        <h3 id={id}>
          <Link to="/activities" search={{ gear: gear.id }}>{name}</Link>
        </h3>
      </header>
      {make && <p className="soft">{make}</p>}
      <Values>
        <Value
          name={metrics.distance}
          value={createMeasure("distance", format).text(distance)}
          note={overview.activities(count, format.number(count))}
        />
        <Value
          name={metrics.movingTime}
          value={createMeasure("moving_time", format).text(moving_time)}
          note={first_used && last_used
            ? `${format.day(first_used)} – ${format.day(last_used)}`
            : count > 0
            ? texts.daysHidden
            : texts.unused}
        />
      </Values>
      {!gear.retired && <Reminder gear={gear} name={name} />}
      <GearActions gear={gear} name={name} />
    </section>
  );
}

/** Returns a function that names a gear. One without a name has its id. */
export function useGearName(): (gear: GearTotal) => string {
  const { gear: texts } = useTexts();
  return ({ id, name, brand, model, nickname }) =>
    name ?? nickname ??
      ([brand, model].filter(Boolean).join(" ") || texts.unnamed(id));
}
