/**
 * A computed number for the wire: adding and dividing doubles leaves noise behind, such as
 * 0.30000000000000004, which six decimals are free of. Never -0.
 */
export function toRounded(value: number): number {
  return Math.round(value * 1e6) / 1e6 + 0;
}

/** The same where there may be none. */
export function toRoundedOrNull(value: number | null): number | null {
  return value === null ? null : toRounded(value);
}
