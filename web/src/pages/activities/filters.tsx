import { type ReactNode, useEffect, useState } from "react";
import { useFormat } from "../../format/use_format.ts";
import { Field } from "../../parts/field.tsx";
import { SportSelect } from "../../parts/sport_select.tsx";
import { useTexts } from "../../texts/use_texts.ts";
import type { ActivityChanges, ActivitySearch } from "./search.ts";

/** Time without a further letter after which the search begins, in milliseconds. */
const TYPING_MS = 250;
const METRES_PER = { km: 1000, mi: 1609.344 };

/** The filters above the list. */
export function Filters(
  { search, change }: {
    search: ActivitySearch;
    change: (changes: ActivityChanges) => void;
  },
): ReactNode {
  const { activities: texts } = useTexts();
  const { distanceUnit } = useFormat();
  const [q, setQ] = useTyped(search.q ?? "", (q) => change({ q }));
  const isFiltered = Object.keys(search).some((key) =>
    key !== "view" && key !== "sort"
  );
  const toMetres = (text: string): number | undefined =>
    Number(text) > 0 ? Number(text) * METRES_PER[distanceUnit] : undefined;
  const fromMetres = (metres: number | undefined): string =>
    metres === undefined
      ? ""
      : String(Math.round(metres / METRES_PER[distanceUnit] * 100) / 100);
  return (
    <form
      className="filters"
      role="search"
      onSubmit={(event) => event.preventDefault()}
    >
      <Field label={texts.search} className="grow">
        <input
          type="search"
          value={q}
          placeholder={texts.searchHint}
          onChange={(event) => setQ(event.target.value)}
        />
      </Field>
      <SportSelect
        value={search.sport}
        onChange={(sport) => change({ sport })}
      />
      <Field label={texts.sort}>
        <select
          value={search.sort ?? "date"}
          onChange={({ target: { value } }) =>
            change({
              sort: value === "date"
                ? undefined
                : value as ActivitySearch["sort"],
            })}
        >
          {Object.entries(texts.sorts).map(([key, name]) => (
            <option key={key} value={key}>{name}</option>
          ))}
        </select>
      </Field>
      <details className="more-filters" open={isFiltered && !search.q}>
        <summary className="button">{texts.filters}</summary>
        <div className="filters">
          <Field label={texts.from}>
            <input
              type="date"
              value={search.from ?? ""}
              onChange={(event) => change({ from: event.target.value })}
            />
          </Field>
          <Field label={texts.to}>
            <input
              type="date"
              value={search.to ?? ""}
              onChange={(event) => change({ to: event.target.value })}
            />
          </Field>
          <Field label={`${texts.minDistance} (${distanceUnit})`}>
            <input
              type="number"
              min="0"
              step="any"
              inputMode="decimal"
              defaultValue={fromMetres(search.min)}
              onBlur={(event) => change({ min: toMetres(event.target.value) })}
            />
          </Field>
          <Field label={`${texts.maxDistance} (${distanceUnit})`}>
            <input
              type="number"
              min="0"
              step="any"
              inputMode="decimal"
              defaultValue={fromMetres(search.max)}
              onBlur={(event) => change({ max: toMetres(event.target.value) })}
            />
          </Field>
          <button
            type="button"
            className="button"
            aria-pressed={search.view === "cards"}
            onClick={() =>
              change({ view: search.view === "cards" ? undefined : "cards" })}
          >
            {search.view === "cards" ? texts.table : texts.cards}
          </button>
        </div>
      </details>
      {isFiltered && (
        <button
          type="button"
          className="button quiet"
          onClick={() =>
            change({
              q: undefined,
              sport: undefined,
              from: undefined,
              to: undefined,
              min: undefined,
              max: undefined,
              gear: undefined,
            })}
        >
          {texts.clear}
        </button>
      )}
    </form>
  );
}

/** Returns what is typed into a field, and reports it when the typing pauses. */
function useTyped(
  value: string,
  report: (value: string) => void,
): [string, (value: string) => void] {
  const [typed, setTyped] = useState(value);
  useEffect(() => setTyped(value), [value]);
  useEffect(() => {
    if (typed === value) return;
    const timer = setTimeout(() => report(typed), TYPING_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return [typed, setTyped];
}
