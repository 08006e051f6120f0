/** The training load of a local day; where it is not known, `load_reason` says why. */
export interface DayLoad {
  load: number | null;
  load_reason: "not_available" | null;
}

/** The one place where the calendar learns a day's load: so far no activity has one. */
export function getDayLoad(): DayLoad {
  return { load: null, load_reason: "not_available" };
}
