import type { TrainingDay } from "@paceline/sdk";
import type { ReactNode } from "react";
import { Choice } from "../../parts/choice.tsx";
import { Field } from "../../parts/field.tsx";
import { SportSelect } from "../../parts/sport_select.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import { RANGES, type TrainingChanges, type TrainingSearch } from "./search.ts";

const OWN = "own";

/** The choice of the sport and of the shown days. */
export function RangeForm(
  { search, change, shown }: {
    search: TrainingSearch;
    change: (changes: TrainingChanges) => void;
    /** The days in view, with which own ones begin. */
    shown: readonly TrainingDay[];
  },
): ReactNode {
  const { training: texts } = useTexts();
  const isOwn = search.from !== undefined && search.to !== undefined;
  const [first, last] = [shown[0]?.date, shown.at(-1)?.date];
  return (
    <form className="filters" onSubmit={(event) => event.preventDefault()}>
      <SportSelect
        value={search.sport}
        onChange={(sport) => change({ sport })}
      />
      <Choice
        label={texts.range}
        options={[
          ...RANGES.map((range) => [range, texts.ranges[range]] as const),
          [OWN, texts.ownRange] as const,
        ]}
        value={isOwn ? OWN : search.range ?? "6m"}
        onChange={(range) =>
          range === OWN
            ? change({ range: undefined, from: first, to: last })
            : change({ range, from: undefined, to: undefined })}
      />
      {isOwn &&
        (["from", "to"] as const).map((name) => (
          <Field key={name} label={texts[name]}>
            <input
              type="date"
              required
              key={search[name]}
              defaultValue={search[name]}
              onBlur={({ target: { value } }) => {
                if (value && value !== search[name]) {
                  change({ [name]: value });
                }
              }}
            />
          </Field>
        ))}
    </form>
  );
}
