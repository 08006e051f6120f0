/** Distance in metres at which each gear has a reminder, by the gear's id. */
export type Reminders = ReadonlyMap<string, number>;

/** Reminders that a browser keeps. */
export const MAX_REMINDERS = 200;

/** Ten times round the Earth. */
const MAX_METRES = 4e8;

/** Returns the reminders in a stored value, which is a list of pairs. Wrong ones are dropped. */
export function parseReminders(value: unknown): Reminders {
  if (!Array.isArray(value)) return new Map();
  const pairs = value.filter((pair): pair is [string, number] =>
    Array.isArray(pair) && typeof pair[0] === "string" && isReminder(pair[1])
  );
  return new Map(
    pairs.slice(0, MAX_REMINDERS).map(([id, metres]) => [id, metres]),
  );
}

/** Reports whether a number of metres can be a reminder. */
export function isReminder(metres: unknown): metres is number {
  return typeof metres === "number" && metres > 0 && metres <= MAX_METRES;
}
