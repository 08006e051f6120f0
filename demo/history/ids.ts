import type { Random } from "./random.ts";

/** Strava's ids over time: epoch milliseconds and the id given then. */
const ID_MILESTONES: readonly [number, number][] = [
  [Date.UTC(2009, 0), 1e6],
  [Date.UTC(2017, 0), 8.2e8],
  [Date.UTC(2018, 0), 1.34e9],
  [Date.UTC(2021, 0), 4.56e9],
  [Date.UTC(2025, 9), 1.6e10],
  [Date.UTC(2026, 5), 1.86e10],
  [Date.UTC(2040, 0), 8e10],
];

/** Returns an id by upload time. Some uploads are weeks late, so ids are not in date order. */
export function takeId(
  { random, ids, now }: { random: Random; ids: Set<number>; now: number },
  endMs: number,
): number {
  const delay = random.chance(0.02)
    ? random.between(1, 60) * 86_400_000
    : random.between(1, 10) * 60_000;
  const at = Math.min(endMs + delay, now);
  const next = Math.max(1, ID_MILESTONES.findIndex(([time]) => time > at));
  const [fromMs, fromId] = ID_MILESTONES[next - 1] ?? [0, 0];
  const [toMs, toId] = ID_MILESTONES[next] ?? [at + 1, fromId];
  let id = Math.round(
    fromId + (toId - fromId) * (at - fromMs) / (toMs - fromMs),
  );
  while (ids.has(id)) id++;
  ids.add(id);
  return id;
}
