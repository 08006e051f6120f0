import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useSportName } from "../format/use_sport_name.ts";
import { useTexts } from "../texts/use_texts.ts";
import { Field } from "./field.tsx";

const GROUPS = ["run", "ride", "swim"] as const;

/** A choice of one sport or all: the groups, then the athlete's sport types, the most frequent first. */
export function SportSelect(
  { value, onChange }: {
    value: string | undefined;
    onChange: (sport: string | undefined) => void;
  },
): ReactNode {
  const { parts: texts, sports } = useTexts();
  const toName = useSportName();
  const totals = useQuery({
    ...useApi().stats.totals.queryOptions({ by: "sport_type" }),
    staleTime: 600_000,
  });
  const types = Object.keys(totals.data?.data ?? {});
  const isListed = value === undefined || types.includes(value) ||
    GROUPS.some((group) => group === value);
  return (
    <Field label={texts.sport}>
      <select
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || undefined)}
      >
        <option value="">{texts.allSports}</option>
        <optgroup label={texts.sportGroups}>
          {GROUPS.map((group) => (
            <option key={group} value={group}>{sports[group]}</option>
          ))}
        </optgroup>
        <optgroup label={texts.sportTypes}>
          {(isListed ? types : [value, ...types]).map((type) => (
            <option key={type} value={type}>{toName(type)}</option>
          ))}
        </optgroup>
      </select>
    </Field>
  );
}
