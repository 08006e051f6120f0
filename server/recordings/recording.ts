/** The kind of file that a recording came from, detected by content. */
export type RecordingKind = "fit" | "gpx" | "tcx";

/** The origin of a total: the device's own figure, or the rules of docs/recordings.md. */
export type Method = "device" | "computed";

/** A figure of a whole recording with its origin. */
export interface Total {
  readonly value: number;
  readonly method: Method;
}

/** The names of the figures that a recording and its laps have. Units are in the names. */
export type TotalName =
  | "distanceMetres"
  /** From the start to the end, pauses included. */
  | "elapsedSeconds"
  /** While the device's timer ran: without the pauses that the file states. */
  | "timerSeconds"
  /** Without standing still. The device's timer, if it does not count the motion itself. */
  | "movingSeconds"
  | "ascentMetres"
  | "descentMetres"
  /** Metres per second, over the moving time if computed. */
  | "averageSpeed"
  | "maxSpeed"
  /** Beats per minute. */
  | "averageHeartRate"
  | "maxHeartRate"
  /** Revolutions, strokes or strides per minute: for runs the steps of one foot, as on Strava. */
  | "averageCadence"
  | "maxCadence"
  /** Watts. */
  | "averagePower"
  | "maxPower"
  /** The device's own normalized power, in watts. Never computed here. */
  | "normalizedPower"
  /** Kilocalories. Never computed here. */
  | "calories"
  /** Degrees Celsius. */
  | "averageTemperature";

/** The totals of a recording. A name is missing if the file says nothing about it. */
export type Totals = Readonly<Partial<Record<TotalName, Total>>>;

/**
 * The streams of a recording, one value per record in the order of the file. All arrays of a
 * recording have the same length. A missing value is NaN, except in `time` and `moving`, which
 * have none. A stream without a single value is null.
 */
export interface Streams {
  /** Seconds since `startedAt`. Never decreases; pauses are included. */
  readonly time: Float64Array;
  /** Degrees north. Missing exactly where the longitude is missing. */
  readonly latitude: Float64Array | null;
  /** Degrees east. */
  readonly longitude: Float64Array | null;
  /** Metres above sea level. */
  readonly altitude: Float32Array | null;
  /** Metres since the start. Never decreases where it has values. */
  readonly distance: Float64Array | null;
  /** Metres per second, as the device measured it. */
  readonly speed: Float32Array | null;
  /** Beats per minute. */
  readonly heartRate: Float32Array | null;
  /** Per minute, as in the totals. */
  readonly cadence: Float32Array | null;
  /** Watts. */
  readonly power: Float32Array | null;
  /** Degrees Celsius. */
  readonly temperature: Float32Array | null;
  /** 1 if the athlete moved in the time before this record, else 0. */
  readonly moving: Uint8Array;
}

/** Values under a name that only this maker uses, such as a developer field of FIT. */
export interface ExtraStream {
  readonly name: string;
  readonly unit: string | null;
  /** As long as the other streams. A missing value is NaN. */
  readonly values: Float32Array;
}

/** A lap as the device or the athlete marked it. */
export interface Lap {
  /** Seconds since `startedAt`. */
  readonly startSeconds: number;
  /** The figures that the file has for this lap; nothing is computed. */
  readonly totals: Readonly<Partial<Record<TotalName, number>>>;
  /** The cause of the lap's end in the file's words, such as `manual` or `distance`. */
  readonly trigger: string | null;
  /** `active`, `rest`, `warmup`, `cooldown` and so on, as in the file. */
  readonly intensity: string | null;
}

/** One length of a swimming pool, or a rest between two. */
export interface Length {
  /** Seconds since `startedAt`. */
  readonly startSeconds: number;
  readonly elapsedSeconds: number;
  /** False for a rest at the wall. */
  readonly active: boolean;
  readonly strokes: number | null;
  /** `freestyle`, `backstroke`, `breaststroke`, `butterfly`, `drill`, `mixed` or `im`. */
  readonly stroke: string | null;
}

/** Time in which the timer was stopped, or a gap between two segments of a track. */
export interface Pause {
  /** Seconds since `startedAt`. */
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** The device or the app that recorded. */
export interface Device {
  /** Such as `garmin`, or a number if the maker is unknown. */
  readonly maker: string | null;
  /** The product's name, such as `Edge 530`, or its number if the name is unknown. */
  readonly product: string | null;
  /** Identifies the device, and so its owner: never show it to others. */
  readonly serial: string | null;
}

/** Values of the athlete's profile that the device stored with the recording. */
export interface AthleteProfile {
  /** Time at which these values were valid: the start of the recording. */
  readonly at: Date;
  readonly weightKilograms: number | null;
  readonly restingHeartRate: number | null;
  readonly maxHeartRate: number | null;
  readonly thresholdHeartRate: number | null;
  /** Functional threshold power in watts. */
  readonly thresholdPower: number | null;
}

/** One recorded activity. A file with several sessions, tracks or activities gives several. */
export interface Recording {
  readonly kind: RecordingKind;
  readonly startedAt: Date;
  /** IANA name by the first position; null indoors and for virtual activities. */
  readonly timeZone: string | null;
  /** Offset of the wall clock from UTC in seconds; null if neither zone nor device tells. */
  readonly utcOffsetSeconds: number | null;
  /** Strava's `sport_type`, or `Transition`; null if the file does not tell. */
  readonly sportType: string | null;
  /** The sport in the file's own words, such as `cycling/gravel_cycling`. */
  readonly sportInFile: string | null;
  /** The activity's name if the file has one. */
  readonly name: string | null;
  readonly description: string | null;
  /** True if the positions are those of a virtual world. */
  readonly virtual: boolean;
  /** True if the file says that a trainer, a treadmill or a pool was used. */
  readonly indoor: boolean;
  readonly device: Device;
  readonly totals: Totals;
  readonly poolLengthMetres: number | null;
  readonly laps: readonly Lap[];
  readonly lengths: readonly Length[];
  readonly pauses: readonly Pause[];
  readonly streams: Streams;
  readonly extraStreams: readonly ExtraStream[];
  readonly profile: AthleteProfile | null;
  /** Place among the recordings of the file, from 0. */
  readonly index: number;
}

/** A parsed file. It has at least one recording. */
export interface ParsedFile {
  readonly kind: RecordingKind;
  readonly recordings: readonly Recording[];
  /** Sentences about parts that were repaired or left out. */
  readonly warnings: readonly string[];
}
