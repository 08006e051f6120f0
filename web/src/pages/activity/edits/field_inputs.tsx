import { useApi } from "@paceline/sdk/react";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { SPORT_TYPES } from "../../../format/sport_types.ts";
import { useSportName } from "../../../format/use_sport_name.ts";
import { Field } from "../../../parts/field.tsx";
import { useTexts } from "../../../texts/use_texts.ts";
import { NO_GEAR, UNCHANGED } from "./form_values.ts";

const VISIBILITIES = ["everyone", "followers_only", "only_me"] as const;

interface InputProps {
  name: string;
  defaultValue: string;
  /** Offers to leave the field as it is. */
  canLeave?: boolean;
}

/** A choice of a sport type. */
export function SportInput(
  { name, defaultValue, canLeave = false }: InputProps,
): ReactNode {
  const { edits: texts, activities } = useTexts();
  const toName = useSportName();
  const isKnown = canLeave || SPORT_TYPES.includes(defaultValue);
  return (
    <Field label={activities.sport}>
      <select name={name} defaultValue={defaultValue}>
        {canLeave && <option value={UNCHANGED}>{texts.leave}</option>}
        {!isKnown && (
          <option value={defaultValue}>{toName(defaultValue)}</option>
        )}
        {SPORT_TYPES.map((type) => (
          <option key={type} value={type}>{toName(type)}</option>
        ))}
      </select>
    </Field>
  );
}

/** A choice of the shoes or the bike. */
export function GearInput(
  { name, defaultValue, canLeave = false }: InputProps,
): ReactNode {
  const { edits: texts, activity } = useTexts();
  const gear = useQuery({
    ...useApi().gear.list.queryOptions(),
    staleTime: 600_000,
  });
  const listed = gear.data?.data ?? [];
  const isListed = defaultValue === NO_GEAR || defaultValue === UNCHANGED ||
    listed.some(({ id }) => id === defaultValue);
  return (
    <Field label={activity.gear}>
      {/* The choice is made again when the names have arrived. */}
      <select
        key={listed.length}
        name={name}
        defaultValue={defaultValue}
      >
        {canLeave && <option value={UNCHANGED}>{texts.leave}</option>}
        <option value={NO_GEAR}>{texts.noGear}</option>
        {!isListed && <option value={defaultValue}>{defaultValue}</option>}
        {listed.map(({ id, name, retired }) => (
          <option key={id} value={id}>
            {retired ? texts.retired(name ?? id) : name ?? id}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** A choice of those who may see the activity. */
export function VisibilityInput(
  { name, defaultValue, canLeave = false }: InputProps,
): ReactNode {
  const { edits: texts } = useTexts();
  return (
    <Field label={texts.visibility}>
      <select name={name} defaultValue={defaultValue}>
        {canLeave && <option value={UNCHANGED}>{texts.leave}</option>}
        {VISIBILITIES.map((each) => (
          <option key={each} value={each}>{texts.visibilities[each]}</option>
        ))}
      </select>
    </Field>
  );
}

/** A box to tick. */
export function CheckInput(
  { name, label, defaultChecked }: {
    name: string;
    label: string;
    defaultChecked: boolean;
  },
): ReactNode {
  return (
    <label className="check">
      <input type="checkbox" name={name} defaultChecked={defaultChecked} />
      {label}
    </label>
  );
}

/** A choice of yes, no, or no change. */
export function YesNoInput(
  { name, label }: { name: string; label: string },
): ReactNode {
  const { edits: texts } = useTexts();
  return (
    <Field label={label}>
      <select name={name} defaultValue={UNCHANGED}>
        <option value={UNCHANGED}>{texts.leave}</option>
        <option value="yes">{texts.yes}</option>
        <option value="no">{texts.no}</option>
      </select>
    </Field>
  );
}
