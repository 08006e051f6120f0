/** A row of `activities.csv` in Strava's bulk export. A value that is not there is null. */
export interface ExportedActivity {
  /** Line of the table, from 1 for the first activity. */
  readonly row: number;
  /** Strava's id of the activity. */
  readonly id: number | null;
  /** Path of the recorded file within the export; null for an activity entered by hand. */
  readonly filename: string | null;
  /** Null if the date is in a language that is not known. */
  readonly startedAt: Date | null;
  readonly name: string;
  readonly description: string | null;
  readonly privateNote: string | null;
  /** The sport in the language of the account, such as `Radfahrt`. */
  readonly typeInFile: string;
  /** Strava's `sport_type`; null if the language is not known. Coarser than the API's. */
  readonly sportType: string | null;
  readonly elapsedSeconds: number | null;
  readonly movingSeconds: number | null;
  readonly distanceMetres: number | null;
  readonly ascentMetres: number | null;
  readonly descentMetres: number | null;
  /** Metres per second. */
  readonly averageSpeed: number | null;
  readonly maxSpeed: number | null;
  readonly averageHeartRate: number | null;
  readonly maxHeartRate: number | null;
  readonly averageCadence: number | null;
  readonly maxCadence: number | null;
  readonly averagePower: number | null;
  readonly maxPower: number | null;
  readonly normalizedPower: number | null;
  readonly calories: number | null;
  readonly averageTemperature: number | null;
  readonly athleteWeightKilograms: number | null;
  readonly poolLengthMetres: number | null;
  readonly perceivedExertion: number | null;
  readonly relativeEffort: number | null;
  readonly commute: boolean;
  /** True if the athlete marked the activity as a race. */
  readonly race: boolean;
  /** Name of the gear, to be compared with `ExportedGear.names`. */
  readonly gearName: string | null;
  /**
   * The gear that the name means; null without a name. Missing until the tables are joined, and if a table
   * that may have the gear is missing.
   */
  readonly gear?: NamedGear | null;
  /** Number of photos and videos. They are not read. */
  readonly mediaCount: number;
}

/** A bike, a pair of shoes, or gear that only an activity names. */
export interface NamedGear {
  /** Null if neither `bikes.csv` nor `shoes.csv` has it. */
  readonly kind: "bike" | "shoes" | null;
  /** Name as the athlete gave it; may be empty for shoes. */
  readonly name: string;
  readonly brand: string;
  readonly model: string;
}

/** A bike or a pair of shoes. The export has neither ids nor distances of gear. */
export interface ExportedGear extends NamedGear {
  readonly kind: "bike" | "shoes";
  /** Forms in which `gearName` may state this gear, such as `Brand Model Name`. */
  readonly names: readonly string[];
}

/** The athlete's profile, as far as it is training data. */
export interface ExportedProfile {
  readonly athleteId: number | null;
  readonly weightKilograms: number | null;
  readonly thresholdPower: number | null;
  readonly maxHeartRate: number | null;
}
