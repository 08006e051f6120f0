import { zipEntry, zipFile } from "../server/recordings/archive_file.ts";
import { createGpx } from "./files.ts";

/** Columns of an export of 2024. */
const COUNT = 94;

/** The header in English: the names of the columns that have values here. */
const HEADER =
  "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance"
    .split(",");

/** A run of an export: it starts at 8 o'clock UTC and lasts ten minutes, 1,800 m. */
export interface ExportedRun {
  id: number;
  /** Such as `2024-05-04`. */
  day: string;
  /** The text in the column Activity Gear. */
  gear?: string;
  /** Whether it was entered by hand, so that there is no file. */
  isManual?: boolean;
}

/** Rows of `bikes.csv` or `shoes.csv`. */
export type GearRow = readonly [name: string, brand: string, model: string];

/** Returns Strava's bulk export of runs. A table of gear is missing if it is not given. */
export function createStravaExport(
  runs: readonly ExportedRun[],
  { bikes, shoes, isForeign = false }: {
    bikes?: readonly GearRow[];
    shoes?: readonly GearRow[];
    /** Whether the headers are in another language. */
    isForeign?: boolean;
  } = {},
): Uint8Array {
  const encode = (text: string) => new TextEncoder().encode(text);
  const gearTable = (kind: string, rows: readonly GearRow[]) =>
    toCsv([
      isForeign
        ? ["Wort", "Marke", "Modell", "Sportarten"]
        : ["Name", "Brand", "Model", "Default Sport Types"].map((each) =>
          `${kind} ${each}`
        ),
      ...rows.map((row) => [...row, ""]),
    ]);
  const files = runs.filter(({ isManual }) => !isManual).map((run) => ({
    name: toFilename(run),
    data: encode(createGpx(`${run.day}T08:00:00Z`)),
  }));
  const header = Array.from(
    { length: COUNT },
    (_, i) => isForeign ? `Spalte ${i}` : HEADER[i] ?? `Column ${i}`,
  );
  const table = toCsv([
    header,
    ...runs.map(toRow).map((row) => header.map((_, i) => row[i] ?? "")),
  ]);
  return zipFile([
    ...files,
    { name: "activities.csv", data: encode(table) },
    ...bikes
      ? [{ name: "bikes.csv", data: encode(gearTable("Bike", bikes)) }]
      : [],
    ...shoes
      ? [{ name: "shoes.csv", data: encode(gearTable("Shoe", shoes)) }]
      : [],
  ].map(zipEntry));
}

function toFilename({ id }: ExportedRun): string {
  return `activities/${id + 1}.gpx`;
}

function toRow(run: ExportedRun): string[] {
  const { id, day, gear = "", isManual } = run;
  const date = new Intl.DateTimeFormat("en-US", {
    dateStyle: "medium",
    timeZone: "UTC",
  }).format(new Date(day));
  const file = isManual ? "" : toFilename(run);
  // deno-fmt-ignore
  return [
    String(id), `${date}, 8:00:00 AM`, "Run", "Run", "", "600", "1.80", "", "", "false", "", gear, file,
    "", "", "600.0", "600.0", "1800.0",
  ];
}

function toCsv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) =>
    row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(",") + "\n"
  ).join("");
}
