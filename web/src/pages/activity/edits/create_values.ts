import type { CreateActivityInput } from "@paceline/sdk";
import type { FormValues } from "./form_values.ts";
import { readFieldValues } from "./form_values.ts";

const METRES_PER_FOOT = 0.3048;

/** Units of the form. */
export interface FormUnits {
  /** Metres of a unit of distance: a kilometre or a mile. */
  metresPerDistance: number;
  isMetric: boolean;
  timezone: string;
}

/** Reads the form of an activity entered by hand. Undefined if it lasts no second. */
export function readCreateInput(
  form: FormValues,
  { metresPerDistance, isMetric, timezone }: FormUnits,
): CreateActivityInput | undefined {
  const number = (name: string): number => {
    const value = Number(String(form.get(name) ?? "").replace(",", "."));
    return Number.isFinite(value) && value > 0 ? value : 0;
  };
  const elapsed = Math.round(
    number("hours") * 3600 + number("minutes") * 60 + number("seconds"),
  );
  if (elapsed < 1) return undefined;
  const { name, sport_type, description, gear_id, visibility, ...flags } =
    readFieldValues(form);
  const distance = number("distance") * metresPerDistance;
  const climb = number("elevation") * (isMetric ? 1 : METRES_PER_FOOT);
  const heartRate = number("heart_rate");
  return {
    name: name!,
    sport_type: sport_type!,
    start_date_local: `${form.get("date")}T${toSeconds(form.get("time"))}`,
    timezone,
    elapsed_time: elapsed,
    ...distance > 0 && { distance: round(distance) },
    ...climb > 0 && { total_elevation_gain: round(climb) },
    ...heartRate > 0 && { average_heartrate: heartRate },
    ...description && { description },
    ...gear_id && { gear_id },
    ...visibility && { visibility },
    ...flags.commute && { commute: true },
    ...flags.race && { race: true },
    ...flags.trainer && { trainer: true },
  };
}

/** Browsers leave out seconds that are zero. */
function toSeconds(time: unknown): string {
  return String(time).length === 5 ? `${time}:00` : String(time);
}

function round(metres: number): number {
  return Math.round(metres * 10) / 10;
}
