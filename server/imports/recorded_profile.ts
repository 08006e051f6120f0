import type { RecordedProfile } from "../../db/imports/recorded_profiles.ts";
import type { Recording } from "../recordings/recording.ts";

/** Returns the athlete's values in a file, by the kinds of athlete values; null if it has none. */
export function toRecordedProfile(
  { profile }: Pick<Recording, "profile">,
): RecordedProfile | null {
  if (!profile) return null;
  const given = {
    weight: profile.weightKilograms,
    resting_heartrate: profile.restingHeartRate,
    max_heartrate: profile.maxHeartRate,
    threshold_heartrate: profile.thresholdHeartRate,
    ftp: profile.thresholdPower,
  };
  const values = Object.entries(given).flatMap(([kind, value]) =>
    value === null ? [] : [[kind, value] as const]
  );
  return values.length === 0 ? null : Object.fromEntries(values);
}
