/** A seeded random number generator: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Returns a number from 0 up to but not including 1. */
  next(): number;
  between(low: number, high: number): number;
  /** Returns an integer between two bounds, both included. */
  whole(low: number, high: number): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** Returns a number mostly within `spread` of the middle (the sum of three uniforms). */
  near(middle: number, spread: number): number;
}

/** Mulberry32: 32 bits of state, enough for a demo. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (low: number, high: number): number =>
    low + (high - low) * next();
  return {
    next,
    between,
    whole: (low, high) => Math.floor(between(low, high + 1)),
    chance: (probability) => next() < probability,
    pick: (items) => items[Math.floor(next() * items.length)] ?? items[0],
    near: (middle, spread) =>
      middle + spread * (next() + next() + next() - 1.5) / 0.75,
  };
}
