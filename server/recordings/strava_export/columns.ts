/**
 * Columns of `activities.csv` in English and in their order, which is the same in all languages.
 * Older exports lack some before `Media`, which is always the last.
 */
const COLUMNS =
  ("Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time," +
    "Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear," +
    "Filename,Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed," +
    "Average Speed,Elevation Gain,Elevation Loss,Elevation Low,Elevation High,Max Grade," +
    "Average Grade,Average Positive Grade,Average Negative Grade,Max Cadence,Average Cadence," +
    "Max Heart Rate,Average Heart Rate,Max Watts,Average Watts,Calories,Max Temperature," +
    "Average Temperature,Relative Effort,Total Work,Number of Runs,Uphill Time,Downhill Time," +
    "Other Time,Perceived Exertion,Type,Start Time,Weighted Average Power,Power Count," +
    "Prefer Perceived Exertion,Perceived Relative Effort,Commute,Total Weight Lifted," +
    "From Upload,Grade Adjusted Distance,Weather Observation Time,Weather Condition," +
    "Weather Temperature,Apparent Temperature,Dewpoint,Humidity,Weather Pressure,Wind Speed," +
    "Wind Gust,Wind Bearing,Precipitation Intensity,Sunrise Time,Sunset Time,Moon Phase,Bike," +
    "Gear,Precipitation Probability,Precipitation Type,Cloud Cover,Weather Visibility,UV Index," +
    "Weather Ozone,Jump Count,Total Grit,Average Flow,Flagged,Average Elapsed Speed," +
    "Dirt Distance,Newly Explored Distance,Newly Explored Dirt Distance,Activity Count," +
    "Total Steps,Carbon Saved,Pool Length,Training Load,Intensity," +
    "Average Grade Adjusted Pace,Timer Time,Total Cycles,Recovery,With Pet,Competition," +
    "Long Run,For a Cause,With Kid,Downhill Distance,Total Sets,Total Reps,Media")
    .split(",");

/** Number of columns from which on each has its place. */
const FIRST_STABLE_COUNT = 86;
/** The first columns of every form. */
const ALWAYS_FIRST = 7;

/** Columns of the form before July 2019, whose distances are metres. */
const OLD_COLUMNS = new Map<string, string>(Object.entries({
  id: "Activity ID",
  date: "Activity Date",
  name: "Activity Name",
  type: "Activity Type",
  description: "Activity Description",
  elapsed_time: "Elapsed Time",
  distance: "Distance in Metres",
  commute: "Commute",
  gear: "Activity Gear",
  filename: "Filename",
}));

/** Form of `Filename`, which also finds its column. */
export const FILENAME = /(^|\/)activities\/[^/]+\.(fit|gpx|tcx)(\.gz)?$/i;

/** Returns the value of a column in a row by its English name; undefined if there is none. */
export type FindCell = (
  row: readonly string[],
  name: string,
  /** 0 for the first column of this name, 1 for the second. */
  occurrence?: number,
) => string | undefined;

/**
 * Finds out which column is which: by English names, else by place, else by content. Names occur
 * twice, so an object by name would lose half. Returns undefined if it is not such a table.
 */
export function resolveColumns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): FindCell | undefined {
  // The form of 2020 wraps names without a translation in HTML.
  const plain = header.map((name) => name.replaceAll(/<[^>]*>/g, "").trim());
  const names = resolveNames(plain, rows);
  if (!names?.includes("Filename") || !names.includes("Activity ID")) {
    return undefined;
  }
  const places = Map.groupBy(names.keys(), (i) => names[i]!);
  return (row, name, occurrence = 0) => {
    const place = places.get(name)?.[occurrence];
    return place === undefined ? undefined : row[place];
  };
}

function resolveNames(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): string[] | undefined {
  if (header.includes("Activity ID") && header.includes("Filename")) {
    return [...header];
  }
  if (header.includes("id") && header.includes("filename")) {
    return header.map((name) => OLD_COLUMNS.get(name) ?? name);
  }
  if (header.length >= FIRST_STABLE_COUNT) {
    const known = COLUMNS.slice(0, -1);
    return header.map((name, i) =>
      i === header.length - 1 ? "Media" : known[i] ?? name
    );
  }
  const file = header.findIndex((_, i) =>
    rows.some((row) => FILENAME.test(row[i] ?? ""))
  );
  if (file < ALWAYS_FIRST) return undefined;
  return header.map((_, i) =>
    i === file ? "Filename" : i < ALWAYS_FIRST ? COLUMNS[i]! : ""
  );
}
