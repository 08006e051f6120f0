import {
  type DeveloperPlace,
  type Message,
  readNumber,
  readPlace,
  readText,
} from "./message.ts";

/** Description of a field that a developer has added to the records. */
export interface DeveloperField {
  readonly name: string;
  readonly unit: string | null;
  readonly type: number;
  readonly scale: number;
  readonly offset: number;
  /** Number of the field of a `record` message that has the same meaning. */
  readonly native: number | undefined;
}

/** Extra streams that one file may have. */
export const MAX_EXTRAS = 32;
const STRING = 7;
const RECORD = 20;

/** The developer fields of one part, by developer and field number. */
export type DeveloperFields = Map<number, DeveloperField>;

const toKey = (developer: number, field: number) => developer << 8 | field;

/** Adds the description of a `field_description` message. */
export function describeField(fields: DeveloperFields, message: Message): void {
  const developer = readNumber(message, 0);
  const number = readNumber(message, 1);
  const type = readNumber(message, 2);
  if (developer === undefined || number === undefined || type === undefined) {
    return;
  }
  const isRecord = (readNumber(message, 14) ?? RECORD) === RECORD;
  if (fields.size < MAX_EXTRAS) {
    fields.set(toKey(developer, number), {
      name: readText(message, 3) ?? `field ${number}`,
      unit: readText(message, 8) ?? null,
      type: type & 31,
      scale: readNumber(message, 6) || 1,
      offset: readNumber(message, 7) ?? 0,
      native: isRecord ? readNumber(message, 15) : undefined,
    });
  }
}

/** Returns the field and the value at a place, if the place is described and has a number. */
export function readDeveloperField(
  fields: DeveloperFields,
  message: Message,
  place: DeveloperPlace,
): { field: DeveloperField; value: number } | undefined {
  const field = fields.get(toKey(place.developer, place.field));
  if (!field || field.type === STRING) return undefined;
  const [raw] = readPlace(message, { ...place, type: field.type });
  return raw === undefined
    ? undefined
    : { field, value: raw / field.scale - field.offset };
}
