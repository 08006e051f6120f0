/**
 * Rounds a computed number to six decimals for the wire, which removes the noise that adding and
 * dividing doubles leaves behind, such as 0.30000000000000004. Never returns -0.
 */
export function toRounded(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}

/** Rounds a number that may be `null`. */
export function toRoundedOrNull(value: number | null): number | null {
  return value === null ? null : toRounded(value);
}
