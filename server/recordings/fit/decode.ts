import type {
  Definition,
  DeveloperPlace,
  FieldPlace,
  Message,
} from "./message.ts";
import { readTimestamp } from "./message.ts";

/** How the decoding of a part ended. */
export type DecodeEnd =
  | "complete"
  /** The data end in the middle of a message. All earlier ones were passed on. */
  | "cut"
  /** A message without a definition, or an impossible definition. */
  | "broken";

const COMPRESSED = 0x80;
const DEFINITION = 0x40;
const DEVELOPER_FIELDS = 0x20;

/**
 * Decodes the data messages between two offsets in one pass and passes each one on. It allocates
 * nothing per message but one object. See the FIT protocol, "FIT File Structure".
 */
export function decodeMessages(
  bytes: Uint8Array,
  { start, end }: { start: number; end: number },
  onMessage: (message: Message) => void,
): DecodeEnd {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const definitions: (Definition | undefined)[] = [];
  let lastTimestamp: number | undefined;
  let at = start;
  while (at < end) {
    const header = bytes[at]!;
    at++;
    if ((header & COMPRESSED) === 0 && (header & DEFINITION) !== 0) {
      const read = readDefinition(view, {
        at,
        end,
        hasDeveloperFields: (header & DEVELOPER_FIELDS) !== 0,
      });
      if (typeof read === "string") return read;
      definitions[header & 15] = read.definition;
      at = read.next;
      continue;
    }
    const compressed = (header & COMPRESSED) !== 0;
    const definition = definitions[compressed ? header >> 5 & 3 : header & 15];
    if (!definition) return "broken";
    if (at + definition.size > end) return "cut";
    let compressedTimestamp: number | undefined;
    if (compressed && lastTimestamp !== undefined) {
      // The header has the five lowest bits. They roll over every 32 seconds.
      compressedTimestamp = lastTimestamp +
        ((header & 31) - (lastTimestamp & 31) & 31);
    }
    const message = { definition, compressedTimestamp, view, start: at };
    lastTimestamp = readTimestamp(message) ?? lastTimestamp;
    onMessage(message);
    at += definition.size;
  }
  return "complete";
}

/** Reads a definition message, whose header is before `at`. */
function readDefinition(
  view: DataView,
  { at, end, hasDeveloperFields }: {
    at: number;
    end: number;
    hasDeveloperFields: boolean;
  },
): { definition: Definition; next: number } | "cut" | "broken" {
  if (at + 5 > end) return "cut";
  const architecture = view.getUint8(at + 1);
  if (architecture > 1) return "broken";
  const littleEndian = architecture === 0;
  const count = view.getUint8(at + 4);
  let next = at + 5;
  if (next + 3 * count > end) return "cut";
  let size = 0;
  const fields = new Map<number, FieldPlace>();
  for (let i = 0; i < count; i++, next += 3) {
    const place = {
      offset: size,
      size: view.getUint8(next + 1),
      type: view.getUint8(next + 2) & 31,
    };
    // A field that a faulty device defines twice keeps its first place.
    const number = view.getUint8(next);
    if (!fields.has(number)) fields.set(number, place);
    size += place.size;
  }
  const developerFields: DeveloperPlace[] = [];
  if (hasDeveloperFields) {
    if (next >= end) return "cut";
    const developerCount = view.getUint8(next);
    next++;
    if (next + 3 * developerCount > end) return "cut";
    for (let i = 0; i < developerCount; i++, next += 3) {
      const place = {
        field: view.getUint8(next),
        offset: size,
        size: view.getUint8(next + 1),
        developer: view.getUint8(next + 2),
      };
      developerFields.push(place);
      size += place.size;
    }
  }
  const message = view.getUint16(at + 2, littleEndian);
  return {
    definition: { message, littleEndian, fields, developerFields, size },
    next,
  };
}
