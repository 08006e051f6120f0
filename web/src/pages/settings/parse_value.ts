import type { AthleteValueKind } from "@paceline/sdk";

/** Metres in a kilometre: paces are entered per kilometre. */
const KILOMETRE = 1000;

/** Reports whether a kind has bounds instead of one value. */
export function isZones(kind: AthleteValueKind): boolean {
  return kind.endsWith("_zones");
}

/** Reports whether a kind is a speed, which people enter as pace. */
export function isPace(kind: AthleteValueKind): boolean {
  return kind.startsWith("speed") || kind === "threshold_speed";
}

/**
 * Parses what was typed: one number or, for zones, several, and paces as minutes and seconds. Returns
 * undefined if it is something else.
 */
export function parseValue(
  kind: AthleteValueKind,
  typed: string,
): { value: number } | { bounds: number[] } | undefined {
  const numbers = typed.trim().split(/\s+/).map((word) =>
    isPace(kind) ? parsePace(word) : parseNumber(word)
  );
  if (numbers.some((each) => !Number.isFinite(each) || each <= 0)) {
    return undefined;
  }
  if (isZones(kind)) return { bounds: numbers.sort((a, b) => a - b) };
  return numbers.length === 1 ? { value: numbers[0]! } : undefined;
}

function parseNumber(word: string): number {
  return /^\d+([.,]\d+)?$/.test(word) ? Number(word.replace(",", ".")) : NaN;
}

/** Returns the metres a second of a pace such as `4:30`. */
function parsePace(word: string): number {
  const [, minutes, seconds] = /^(\d{1,2}):([0-5]\d)$/.exec(word) ?? [];
  return KILOMETRE / (Number(minutes) * 60 + Number(seconds));
}
