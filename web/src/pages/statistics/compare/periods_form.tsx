import type { CompareStatistic } from "@paceline/sdk";
import type { ReactNode } from "react";
import { Field } from "../../../parts/field.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { useStatisticsSearch } from "../use_search.ts";
import { type Periods, PRESETS, toOwnPeriods } from "./periods.ts";

const OWN = "own";
const NO_DAYS = {
  from: undefined,
  to: undefined,
  base_from: undefined,
  base_to: undefined,
};

/** The choice of two periods. */
export function PeriodsForm(
  { shown }: {
    /** The periods in view, with which own ones begin. */
    shown: CompareStatistic["data"] | undefined;
  },
): ReactNode {
  const { statistics: { compare: texts } } = useTexts();
  const { search, change } = useStatisticsSearch();
  const own = toOwnPeriods(search);
  const choose = (value: string): void => {
    if (value !== OWN) {
      const preset = PRESETS.find((each) => each === value);
      change({ ...NO_DAYS, preset });
    } else if (shown) {
      const { current, base } = shown;
      change({
        preset: undefined,
        from: current.from,
        to: current.to,
        base_from: base.from,
        base_to: base.to,
      });
    }
  };
  return (
    <form className="filters" onSubmit={(event) => event.preventDefault()}>
      <Field label={texts.periods}>
        <select
          value={own ? OWN : search.preset ?? "year_to_date"}
          onChange={(event) => choose(event.target.value)}
        >
          {PRESETS.map((preset) => (
            <option key={preset} value={preset}>{texts.presets[preset]}</option>
          ))}
          <option value={OWN}>{texts.own}</option>
        </select>
      </Field>
      {own && (
        <>
          <DayField name="from" label={texts.from} own={own} />
          <DayField name="to" label={texts.to} own={own} />
          <DayField name="base_from" label={texts.baseFrom} own={own} />
          <DayField name="base_to" label={texts.baseTo} own={own} />
        </>
      )}
    </form>
  );
}

function DayField(
  { name, label, own }: { name: keyof Periods; label: string; own: Periods },
): ReactNode {
  const { change } = useStatisticsSearch();
  return (
    <Field label={label}>
      <input
        type="date"
        required
        key={own[name]}
        defaultValue={own[name]}
        onBlur={({ target: { value } }) => {
          if (value && value !== own[name]) change({ ...own, [name]: value });
        }}
      />
    </Field>
  );
}
