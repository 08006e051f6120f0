/** Longest name, in characters. */
export const MAX_NAME = 500;

/** Returns a text that PostgreSQL can store; null if nothing is left of it. */
export function toText(
  text: string | null,
  maxLength = MAX_NAME,
): string | null {
  return text?.toWellFormed().replaceAll("\0", "").trim().slice(0, maxLength)
    .toWellFormed() || null;
}
