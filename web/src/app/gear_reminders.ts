import { parseReminders, type Reminders } from "./parse_reminders.ts";
import { createStored } from "./stored.ts";

const stored = createStored("paceline.gear_reminders", parseReminders);

/** Returns the distance in metres at which each gear has a reminder, by its id. */
export function useGearReminders(): Reminders {
  return stored.use();
}

/** Keeps a reminder for a gear, or removes it. */
export function setGearReminder(id: string, metres: number | undefined): void {
  const reminders = new Map(stored.get());
  if (metres === undefined) reminders.delete(id);
  else reminders.set(id, metres);
  stored.set(reminders);
}
