import type { ActivityDetail, StreamSet } from "@paceline/sdk";

const NAMESPACES = 'xmlns="http://www.topografix.com/GPX/1/1" ' +
  'xmlns:gpxtpx="http://www.garmin.com/xmlschemas/TrackPointExtension/v1"';

/** The activity's part of the file. */
type Head = Pick<ActivityDetail, "name" | "sport_type" | "start_date">;

/**
 * Returns a GPX 1.1 file of an activity, with Garmin's extension for heart rate and cadence and the
 * usual `power`. Undefined without positions.
 */
export function toGpx(
  { name, sport_type, start_date }: Head,
  streams: StreamSet,
): string | undefined {
  const { latlng, time = [] } = streams;
  if (!latlng?.some((position) => position !== null)) return undefined;
  const points = latlng.flatMap((position, index) => {
    const seconds = time[index];
    if (position === null || seconds === undefined) return [];
    return toPoint(position, streams, {
      index,
      at: new Date(start_date.getTime() + seconds * 1000),
    });
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="Paceline" ${NAMESPACES}>
  <metadata><time>${start_date.toISOString()}</time></metadata>
  <trk>
    <name>${escapeXml(name)}</name>
    <type>${escapeXml(sport_type)}</type>
    <trkseg>
${points.join("\n")}
    </trkseg>
  </trk>
</gpx>
`;
}

function toPoint(
  [latitude = 0, longitude = 0]: readonly number[],
  { altitude, heartrate, cadence, watts, temp }: StreamSet,
  { index, at }: { index: number; at: Date },
): string {
  const ele = element("ele", altitude?.[index]);
  const power = element("power", watts?.[index]);
  const track = element("gpxtpx:atemp", temp?.[index]) +
    element("gpxtpx:hr", round(heartrate?.[index])) +
    element("gpxtpx:cad", round(cadence?.[index]));
  const extensions = power +
    (track === ""
      ? ""
      : `<gpxtpx:TrackPointExtension>${track}</gpxtpx:TrackPointExtension>`);
  return `      <trkpt lat="${latitude}" lon="${longitude}">${ele}<time>${at.toISOString()}</time>${
    extensions === "" ? "" : `<extensions>${extensions}</extensions>`
  }</trkpt>`;
}

function element(name: string, value: number | null | undefined): string {
  return value == null ? "" : `<${name}>${value}</${name}>`;
}

function round(value: number | null | undefined): number | null {
  return value == null ? null : Math.round(value);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Returns text for XML, without characters that XML 1.0 does not allow. */
function escapeXml(text: string): string {
  return text
    // deno-lint-ignore no-control-regex
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, "")
    .replace(/[\ud800-\udbff](?![\udc00-\udfff])/g, "")
    .replace(/(?<![\ud800-\udbff])[\udc00-\udfff]/g, "")
    .replace(/[&<>"]/g, (each) => ENTITIES[each]!);
}

/** Returns a GeoJSON file of the track. Undefined without one. */
export function toGeoJson(
  { id, name, sport_type, start_date, distance, moving_time, map }: Pick<
    ActivityDetail,
    | "id"
    | "name"
    | "sport_type"
    | "start_date"
    | "distance"
    | "moving_time"
    | "map"
  >,
): string | undefined {
  if (!map) return undefined;
  return JSON.stringify({
    type: "Feature",
    id,
    properties: {
      name,
      sport_type,
      start_date: start_date.toISOString(),
      distance,
      moving_time,
    },
    geometry: map.geojson,
  });
}

/** Returns the name of a file: the day and the activity's name, without characters that systems refuse. */
export function toFileName(
  { name, start_date_local }: Pick<ActivityDetail, "name" | "start_date_local">,
  ending: string,
): string {
  const plain = name.normalize("NFC").replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "").slice(0, 60);
  return `${start_date_local.slice(0, 10)}${plain && `-${plain}`}.${ending}`;
}
