/** Writes GPX and TCX files for tests. */

/** Returns points 10 seconds and 30 metres apart, northwards from Berlin. */
export function createPoints(
  count: number,
  { start = "2024-05-04T08:00:00Z", latitude = 52.5 } = {},
): string[] {
  return Array.from({ length: count }, (_, i) => {
    const time = new Date(Date.parse(start) + i * 10_000).toISOString();
    const lat = (latitude + i * 30 / 111_195).toFixed(7);
    return `<trkpt lat="${lat}" lon="13.4"><time>${time}</time></trkpt>`;
  });
}

/** Returns a track of one segment. */
export function track(
  points: readonly string[],
  { name = "", type = "" } = {},
): string {
  return `<trk><name>${name}</name><type>${type}</type><trkseg>${
    points.join("")
  }</trkseg></trk>`;
}

/** Returns a GPX file. */
export function gpx(content: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" creator="Test" xmlns="http://www.topografix.com/GPX/1/1">${content}</gpx>`;
}

/** Returns a trackpoint some seconds after 2024-05-04T08:00:00Z. */
export function trackpoint(
  second: number,
  { distance, heartRate, watts }: {
    distance?: number;
    heartRate?: number;
    watts?: number;
  } = {},
): string {
  const time = new Date(Date.UTC(2024, 4, 4, 8, 0, second)).toISOString();
  const parts = [
    `<Time>${time}</Time>`,
    distance === undefined
      ? ""
      : `<DistanceMeters>${distance}</DistanceMeters>`,
    heartRate === undefined
      ? ""
      : `<HeartRateBpm><Value>${heartRate}</Value></HeartRateBpm>`,
    watts === undefined
      ? ""
      : `<Extensions><TPX><Watts>${watts}</Watts></TPX></Extensions>`,
  ];
  return `<Trackpoint>${parts.join("")}</Trackpoint>`;
}

/** A lap and the totals that it states. */
interface Lap {
  seconds?: number;
  distance?: number;
  /** Average and maximum. */
  heartRate?: readonly [number, number];
  points: readonly string[];
}

/** Returns a TCX file of one activity. */
export function tcx(
  laps: readonly Lap[],
  { sport = "Biking" } = {},
): string {
  const content = laps.map(({ seconds, distance, heartRate, points }) =>
    [
      '<Lap StartTime="2024-05-04T08:00:00Z">',
      seconds === undefined
        ? ""
        : `<TotalTimeSeconds>${seconds}</TotalTimeSeconds>`,
      distance === undefined
        ? ""
        : `<DistanceMeters>${distance}</DistanceMeters>`,
      heartRate
        ? `<AverageHeartRateBpm><Value>${
          heartRate[0]
        }</Value></AverageHeartRateBpm><MaximumHeartRateBpm><Value>${
          heartRate[1]
        }</Value></MaximumHeartRateBpm>`
        : "",
      points.length > 0 ? `<Track>${points.join("")}</Track>` : "",
      "</Lap>",
    ].join("")
  );
  return `<?xml version="1.0"?><TrainingCenterDatabase><Activities><Activity Sport="${sport}"><Id>2024-05-04T08:00:00Z</Id>${
    content.join("")
  }<Creator><Name>Edge 500</Name><UnitId>42</UnitId></Creator></Activity></Activities></TrainingCenterDatabase>`;
}
