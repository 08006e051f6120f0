import type { DistanceBand } from "@paceline/sdk";

/** A chart has at most this many bands. The last one has the rest. */
const MAX_BANDS = 16;
const METRES_PER_MILE = 1609.344;

/** A band of distances in metres, and the number of its activities. */
export type Band = Pick<DistanceBand, "from" | "to" | "count">;

/** Returns the bands with those without activities between them, so that their places show the distance. */
export function listBands(
  bands: readonly Band[],
  width: number,
): Band[] {
  const last = bands.at(-1);
  if (!last || width <= 0) return [];
  const counts = new Map(
    bands.map(({ from, count }) => [Math.round(from / width), count]),
  );
  const all = Math.round(last.to / width);
  const shown = Math.min(all, MAX_BANDS);
  return Array.from({ length: shown }, (_, index) => {
    const isLast = index === shown - 1;
    let count = 0;
    for (const [place, each] of counts) {
      if (place === index || isLast && place > index) count += each;
    }
    return {
      from: index * width,
      to: isLast ? last.to : (index + 1) * width,
      count,
    };
  });
}

/** Returns the width of bands in whole miles, or half a mile for swims, that is next to one in kilometres. */
export function toMileBands(width: number): number {
  const miles = width / METRES_PER_MILE;
  return (miles < 1 ? 0.5 : Math.round(miles)) * METRES_PER_MILE;
}
