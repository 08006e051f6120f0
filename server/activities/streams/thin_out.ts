import type { StreamValues } from "../../../db/streams/pack.ts";

/**
 * Chooses at most `limit` of `points` places, in order, the first and the last among them. The
 * recording is cut into parts of equal size, and of each part the places of the least and the greatest
 * value of every stream stay. So a peak of any stream remains, and one choice serves all streams. The rest of the
 * limit is spread evenly. `limit` must be at least two more than twice the number of streams.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 *
 * const watts = [100, 110, 900, 120, 100, 0, 100, 100];
 * assert.deepEqual([...choosePlaces(8, { streams: [watts], limit: 4 })], [0, 2, 5, 7]);
 * ```
 */
export function choosePlaces(
  points: number,
  { streams, limit }: { streams: readonly StreamValues[]; limit: number },
): Uint32Array {
  if (points <= limit) return Uint32Array.from({ length: points }, (_, i) => i);
  const isChosen = new Uint8Array(points);
  isChosen[0] = isChosen[points - 1] = 1;
  const parts = streams.length === 0
    ? 0
    : Math.floor((limit - 2) / (2 * streams.length));
  for (const values of streams) {
    for (let part = 0; part < parts; part++) {
      const from = Math.floor(part * points / parts);
      const to = Math.floor((part + 1) * points / parts);
      markExtremes(isChosen, { values, from, to });
    }
  }
  let left = limit;
  for (const each of isChosen) left -= each;
  for (let i = 1; i <= left; i++) {
    isChosen[Math.floor(i * (points - 1) / (left + 1))] = 1;
  }
  const places = new Uint32Array(limit);
  let count = 0;
  for (let i = 0; i < points; i++) if (isChosen[i]) places[count++] = i;
  return places.subarray(0, count);
}

/** Marks the places of the least and the greatest value from one place up to another. */
function markExtremes(
  isChosen: Uint8Array,
  { values, from, to }: { values: StreamValues; from: number; to: number },
): void {
  let least = -1;
  let greatest = -1;
  for (let i = from; i < to; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    if (least < 0 || value < values[least]!) least = i;
    if (greatest < 0 || value > values[greatest]!) greatest = i;
  }
  if (least < 0) return;
  isChosen[least] = 1;
  isChosen[greatest] = 1;
}
