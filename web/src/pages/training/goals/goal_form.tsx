import { type ReactNode, type SubmitEvent, useState } from "react";
import { saveGoal } from "../../../app/goals.ts";
import {
  type Goal,
  GOAL_PERIODS,
  type GoalPeriod,
  isTarget,
} from "../../../app/parse_goals.ts";
import { createMeasure, type Metric, METRICS } from "../../../format/metric.ts";
import { useFormat } from "../../../format/use_format.ts";
import { Field } from "../../../parts/field.tsx";
import { SportSelect } from "../../../parts/sport_select.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { useMetricName } from "../../statistics/metric_choice.tsx";

/** The form of a new goal or of a known one. */
export function GoalForm(
  { goal, onDone }: { goal?: Goal; onDone: () => void },
): ReactNode {
  const { training: { goals: texts }, app } = useTexts();
  const format = useFormat();
  const toName = useMetricName();
  const [metric, setMetric] = useState<Metric>(goal?.metric ?? "distance");
  const [period, setPeriod] = useState<GoalPeriod>(goal?.period ?? "year");
  const [sport, setSport] = useState(goal?.sport);
  const { unit, inUnit } = createMeasure(metric, format);
  const [amount, setAmount] = useState(
    goal ? String(Math.round(inUnit(goal.target) * 10) / 10) : "",
  );
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    const target = Number(amount) / inUnit(1);
    if (!isTarget(target)) return;
    saveGoal({
      id: goal?.id ?? createId(),
      metric,
      period,
      target,
      ...sport !== undefined && { sport },
    });
    onDone();
  };
  return (
    <form className="form" onSubmit={submit}>
      <Field label={texts.metric}>
        <select
          value={metric}
          onChange={({ target: { value } }) =>
            setMetric(METRICS.find((each) => each === value) ?? "distance")}
        >
          {METRICS.map((each) => (
            <option key={each} value={each}>{toName(each)}</option>
          ))}
        </select>
      </Field>
      <Field label={unit === "" ? texts.target : `${texts.target} (${unit})`}>
        <input
          type="number"
          required
          min={metric === "count" ? 1 : 0.1}
          max={100_000_000}
          step={metric === "count" ? 1 : "any"}
          inputMode={metric === "count" ? "numeric" : "decimal"}
          value={amount}
          onChange={(event) => setAmount(event.target.value)}
        />
      </Field>
      <Field label={texts.period}>
        <select
          value={period}
          onChange={({ target: { value } }) =>
            setPeriod(GOAL_PERIODS.find((each) => each === value) ?? "year")}
        >
          {GOAL_PERIODS.map((each) => (
            <option key={each} value={each}>{texts.periods[each]}</option>
          ))}
        </select>
      </Field>
      <SportSelect value={sport} onChange={setSport} />
      <p className="actions">
        <button type="submit" className="button primary">{texts.save}</button>
        <button type="button" className="button quiet" onClick={onDone}>
          {app.cancel}
        </button>
      </p>
    </form>
  );
}

/** Returns an id for this browser. Pages without HTTPS have no `crypto.randomUUID`. */
function createId(): string {
  return `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
}
