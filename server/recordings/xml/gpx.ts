import { buildRecording } from "../build_recording.ts";
import { isPlausibleTime, repairClock } from "../clock.ts";
import { FileRefused, type RefusalReason } from "../file_refused.ts";
import {
  createPoint,
  hasPosition,
  MAX_POINTS,
  MAX_RECORDINGS,
  type Point,
  setPosition,
  setValue,
} from "../points.ts";
import type { ParsedFile, Recording } from "../recording.ts";
import { parseSportName } from "../sports.ts";
import { parseDecimal, parseTime } from "./parse_time.ts";
import { type Handlers, readXml } from "./read_xml.ts";

/** A track of a GPX file. */
interface Track {
  name: string | null;
  description: string | null;
  type: string | null;
  readonly points: Point[];
  /** Points without a time. */
  untimed: number;
  /** Points whose position is missing or out of range. */
  unplaced: number;
  segment: number;
  offsetSeconds: number | undefined;
}

interface GpxFile {
  readonly tracks: Track[];
  creator: string | null;
  /** The name in `metadata`, which some programs write instead of the track's. */
  name: string | null;
  isGpx: boolean;
}

/** Fields of a point by the lower-case names that makers use in `extensions` and around them. */
const FIELDS = new Map<string, Parameters<typeof setValue>[1]>(Object.entries({
  ele: "altitude",
  hr: "heartRate",
  heartrate: "heartRate",
  cad: "cadence",
  cadence: "cadence",
  runcadence: "cadence",
  power: "power",
  powerinwatts: "power",
  watts: "power",
  atemp: "temperature",
  temp: "temperature",
  temperature: "temperature",
  speed: "speed",
}));

/** Parses a GPX file. Each track with times is a recording; a gap between segments is a pause. */
export function parseGpx(text: string, { now }: { now: Date }): ParsedFile {
  const file: GpxFile = { tracks: [], creator: null, name: null, isGpx: false };
  readXml(text, createHandlers(file));
  if (!file.isGpx) throw new FileRefused("unknown_format");
  const warnings: string[] = [];
  const recordings: Recording[] = [];
  let refusal: RefusalReason = "no_track";
  for (const track of file.tracks) {
    const reason = findRefusal(track, now, warnings);
    if (reason === undefined) {
      recordings.push(toRecording(track, { file, index: recordings.length }));
    } else if (refusal === "no_track") refusal = reason;
  }
  if (recordings.length === 0) throw new FileRefused(refusal);
  const skipped = file.tracks.length - recordings.length;
  if (skipped > 0) {
    warnings.push(
      `${skipped} of ${file.tracks.length} tracks have no usable records and were left out`,
    );
  }
  return { kind: "gpx", recordings, warnings: [...new Set(warnings)] };
}

function createHandlers(file: GpxFile): Handlers {
  let point: Point | undefined;
  let hasTime = false;
  let total = 0;
  return {
    open({ name, path, attributes }) {
      const track = file.tracks.at(-1);
      if (path.length === 0) {
        file.isGpx = name === "gpx";
        file.creator = attributes["creator"]?.trim() || null;
      } else if (name === "trk") {
        if (file.tracks.length >= MAX_RECORDINGS) {
          throw new FileRefused("too_large", "it has too many tracks");
        }
        file.tracks.push(createTrack());
      } else if (name === "trkseg" && track) track.segment++;
      else if (name === "trkpt" && track) {
        point = createPoint(NaN, track.segment);
        hasTime = false;
        const { lat, lon } = attributes;
        const isSet = setPosition(
          point,
          parseDecimal(lat) ?? NaN,
          parseDecimal(lon) ?? NaN,
        );
        if (!isSet) track.unplaced++;
        if (++total > MAX_POINTS) throw new FileRefused("too_large");
      }
    },
    close({ name, path, text }) {
      const track = file.tracks.at(-1);
      if (!track) {
        if (name === "name" && path.at(-1) === "metadata") {
          file.name = text || null;
        }
        return;
      }
      if (point) {
        if (name === "trkpt") {
          track.points.push(point);
          if (!hasTime) track.untimed++;
          point = undefined;
        } else if (name === "time" && path.at(-1) === "trkpt") {
          const read = parseTime(text);
          hasTime = read !== undefined;
          point.time = read?.time ?? NaN;
          track.offsetSeconds ??= read?.offsetSeconds;
        } else {
          const field = FIELDS.get(name.toLowerCase());
          if (field) setValue(point, field, parseDecimal(text));
        }
      } else if (path.at(-1) === "trk") {
        if (name === "name") track.name = text || null;
        else if (name === "type") track.type = text || null;
        else if (name === "desc") track.description = text || null;
      }
    },
  };
}

function createTrack(): Track {
  return {
    name: null,
    description: null,
    type: null,
    points: [],
    untimed: 0,
    unplaced: 0,
    segment: -1,
    offsetSeconds: undefined,
  };
}

/** Repairs a track and returns the reason for which it is no recording, if there is one. */
function findRefusal(
  { points, untimed, unplaced }: Track,
  now: Date,
  warnings: string[],
): RefusalReason | undefined {
  if (points.length === 0) return "no_track";
  if (untimed === points.length) return "no_times";
  if (untimed > 0) {
    fillTimes(points);
    warnings.push("Records without a time took that of their neighbours");
  }
  if (points.length < 2) return "too_short";
  if (!points.some(hasPosition)) return "bad_coordinates";
  if (unplaced > 0) warnings.push("Positions out of range were left out");
  if (repairClock(points)) {
    warnings.push("The device's clock was set during the activity");
  }
  return points.every(({ time }) => isPlausibleTime(time, now))
    ? undefined
    : "no_clock";
}

/** Gives points without a time one between those of their neighbours in equal steps. */
function fillTimes(points: readonly Point[]): void {
  let last = -1;
  for (let i = 0; i <= points.length; i++) {
    if (i < points.length && Number.isNaN(points[i]!.time)) continue;
    const from = points[last]?.time ?? points[i]!.time;
    const to = points[i]?.time ?? from;
    for (let k = last + 1; k < i; k++) {
      points[k]!.time = last < 0
        ? to
        : from + (to - from) * (k - last) / (i - last);
    }
    last = i;
  }
}

function toRecording(
  track: Track,
  { file, index }: { file: GpxFile; index: number },
): Recording {
  const sportType = parseSportName(track.type);
  return buildRecording({
    kind: "gpx",
    index,
    start: track.points[0]!.time,
    points: track.points,
    sportType,
    sportInFile: track.type,
    name: track.name ?? file.name,
    description: track.description,
    isVirtual: /^zwift\b/i.test(file.creator ?? "") ||
      /^Virtual/.test(sportType ?? ""),
    device: { maker: null, product: file.creator, serial: null },
    deviceOffsetSeconds: track.offsetSeconds,
    totals: {},
    laps: [],
  });
}
