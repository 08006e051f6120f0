import type { ReactNode } from "react";
import { useTexts } from "../../texts/use_texts.ts";
import { useStatisticsSearch } from "./use_search.ts";

/** The choice of a year. */
export function YearSelect(
  { years, value, allName }: {
    years: readonly number[];
    value: number | undefined;
    /** Name of the choice of all years. Without it one year is always chosen. */
    allName?: string;
  },
): ReactNode {
  const { statistics: texts } = useTexts();
  const { change } = useStatisticsSearch();
  const all = [...new Set([...years, ...value === undefined ? [] : [value]])]
    .sort((a, b) => b - a);
  return (
    <select
      className="compact"
      aria-label={texts.year}
      value={value ?? ""}
      onChange={({ target: { value } }) =>
        change({ year: value === "" ? undefined : Number(value) })}
    >
      {allName !== undefined && <option value="">{allName}</option>}
      {all.map((year) => <option key={year} value={year}>{year}</option>)}
    </select>
  );
}
