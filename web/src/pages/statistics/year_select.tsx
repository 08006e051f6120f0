import type { ReactNode } from "react";
import { useTexts } from "../../texts/use_texts.ts";
import { useStatisticsSearch } from "./use_search.ts";

/** The choice of a year. */
export function YearSelect(
  { years, value }: { years: readonly number[]; value: number },
): ReactNode {
  const { statistics: texts } = useTexts();
  const { change } = useStatisticsSearch();
  const all = [...new Set([...years, value])].sort((a, b) => b - a);
  return (
    <select
      className="compact"
      aria-label={texts.year}
      value={value}
      onChange={(event) => change({ year: Number(event.target.value) })}
    >
      {all.map((year) => <option key={year} value={year}>{year}</option>)}
    </select>
  );
}
