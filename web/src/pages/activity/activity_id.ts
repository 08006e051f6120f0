/** Returns the id of an activity in an address. Undefined for any other text. */
export function parseActivityId(text: string): number | undefined {
  const id = Number(text);
  return /^[1-9]\d{0,15}$/.test(text) && Number.isSafeInteger(id)
    ? id
    : undefined;
}
