import { FileRefused } from "../file_refused.ts";
import {
  createPoint,
  MAX_POINTS,
  MAX_RECORDINGS,
  type Point,
  setPosition,
  setValue,
} from "../points.ts";
import type { TotalName } from "../recording.ts";
import { parseDecimal, parseTime } from "./parse_time.ts";
import { type Element, readXml } from "./read_xml.ts";

/** A lap of a TCX file. */
export interface TcxLap {
  /** Seconds since 1970. */
  start: number | undefined;
  readonly totals: Partial<Record<TotalName, number>>;
  trigger: string | null;
  intensity: string | null;
}

/** An activity of a TCX file. */
export interface TcxActivity {
  readonly sport: string | null;
  readonly laps: TcxLap[];
  readonly points: Point[];
  name: string | null;
  description: string | null;
  creator: string | null;
  serial: string | null;
  /** Records without a time, which are left out. */
  untimed: number;
  offsetSeconds: number | undefined;
}

interface TcxFile {
  readonly activities: TcxActivity[];
  hasCourse: boolean;
  hasWorkout: boolean;
}

/** Fields of a trackpoint by their path from it, in lower case. */
const POINT_FIELDS = new Map<string, Parameters<typeof setValue>[1]>(
  Object.entries({
    altitudemeters: "altitude",
    distancemeters: "distance",
    cadence: "cadence",
    runcadence: "cadence",
    speed: "speed",
    watts: "power",
    temperature: "temperature",
  }),
);

/** Totals of a lap by the lower-case name of the element. */
const LAP_FIELDS = new Map<string, TotalName>(Object.entries({
  totaltimeseconds: "timerSeconds",
  distancemeters: "distanceMetres",
  maximumspeed: "maxSpeed",
  calories: "calories",
  cadence: "averageCadence",
  avgruncadence: "averageCadence",
  maxruncadence: "maxCadence",
  maxbikecadence: "maxCadence",
  avgspeed: "averageSpeed",
  avgwatts: "averagePower",
  maxwatts: "maxPower",
}));
const MAX_LAPS = 20_000;

/** Reads the elements of a TCX file without judging them. */
export function decodeTcx(text: string): TcxFile {
  const file: TcxFile = { activities: [], hasCourse: false, hasWorkout: false };
  let isTcx = false;
  let point: Point | undefined;
  let place: { latitude?: number; longitude?: number } = {};
  let segment = 0;
  let tracks = 0;
  let total = 0;
  readXml(text, {
    open({ name, path, attributes }) {
      const activity = file.activities.at(-1);
      if (path.length === 0) isTcx = name === "TrainingCenterDatabase";
      else if (name === "Course") file.hasCourse = true;
      else if (name === "Workout") file.hasWorkout = true;
      else if (name === "Activity") {
        if (file.activities.length >= MAX_RECORDINGS) {
          throw new FileRefused("too_large", "it has too many activities");
        }
        file.activities.push(createActivity(attributes["Sport"]));
        segment = 0;
      } else if (!activity || !path.includes("Activity")) return;
      else if (name === "Lap") {
        if (activity.laps.length >= MAX_LAPS) {
          throw new FileRefused("too_large");
        }
        const start = parseTime(attributes["StartTime"]?.trim() ?? "");
        activity.offsetSeconds ??= start?.offsetSeconds;
        activity.laps.push({
          start: start?.time,
          totals: {},
          trigger: null,
          intensity: null,
        });
        tracks = 0;
      } else if (name === "Track") {
        // A second track within a lap begins after a pause.
        if (++tracks > 1) segment++;
      } else if (name === "Trackpoint") {
        point = createPoint(NaN, segment);
        place = {};
        if (++total > MAX_POINTS) throw new FileRefused("too_large");
      }
    },
    close({ name, path, text }) {
      const activity = file.activities.at(-1);
      if (!activity || !path.includes("Activities")) return;
      if (name === "Trackpoint" && point) {
        setPosition(point, place.latitude ?? NaN, place.longitude ?? NaN);
        if (Number.isNaN(point.time)) activity.untimed++;
        else activity.points.push(point);
        point = undefined;
      } else if (point) {
        const value = parseDecimal(text);
        if (name === "Time") {
          const read = parseTime(text);
          point.time = read?.time ?? NaN;
          activity.offsetSeconds ??= read?.offsetSeconds;
        } else if (name === "LatitudeDegrees") place.latitude = value ?? NaN;
        else if (name === "LongitudeDegrees") place.longitude = value ?? NaN;
        else if (name === "Value") setValue(point, "heartRate", value);
        else {
          const field = POINT_FIELDS.get(name.toLowerCase());
          if (field) setValue(point, field, value);
        }
      } else closeSummary(activity, { name, path, text });
    },
  });
  if (!isTcx) throw new FileRefused("unknown_format");
  return file;
}

function createActivity(sport: string | undefined): TcxActivity {
  return {
    sport: sport?.trim() || null,
    laps: [],
    points: [],
    name: null,
    description: null,
    creator: null,
    serial: null,
    untimed: 0,
    offsetSeconds: undefined,
  };
}

/** Reads an element of a lap or of the activity outside of its tracks. */
function closeSummary(
  activity: TcxActivity,
  { name, path, text }: Element & { text: string },
): void {
  const parent = path.at(-1);
  const lap = activity.laps.at(-1);
  if (path.includes("Creator")) {
    if (name === "Name") activity.creator = text || null;
    else if (name === "UnitId" && Number(text) > 0) activity.serial = text;
    return;
  }
  if (parent === "Activity") {
    if (name === "Notes") activity.description = text || null;
    else if (name === "Name") activity.name = text || null;
    return;
  }
  if (!lap || !path.includes("Lap")) return;
  if (name === "TriggerMethod") lap.trigger = text.toLowerCase() || null;
  else if (name === "Intensity") lap.intensity = text.toLowerCase() || null;
  else {
    const field = parent === "AverageHeartRateBpm"
      ? "averageHeartRate"
      : parent === "MaximumHeartRateBpm"
      ? "maxHeartRate"
      : LAP_FIELDS.get(name.toLowerCase());
    const value = parseDecimal(text);
    // 0 of a sensor's value means that there was no sensor.
    if (!field || value === undefined || value < 0) return;
    if (value > 0 || /^(distance|timer)/.test(field)) lap.totals[field] = value;
  }
}
