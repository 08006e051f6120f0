// deno-fmt-ignore
const TABLE = [
  0x0000, 0xcc01, 0xd801, 0x1400, 0xf001, 0x3c00, 0x2800, 0xe401,
  0xa001, 0x6c00, 0x7800, 0xb401, 0x5000, 0x9c01, 0x8801, 0x4400,
];

/** Computes the CRC-16 of the FIT protocol over the bytes from `start` to `end`. */
export function computeCrc(
  bytes: Uint8Array,
  start: number,
  end: number,
): number {
  let crc = 0;
  for (let i = start; i < end; i++) {
    const byte = bytes[i]!;
    crc = crc >> 4 ^ TABLE[crc & 15]! ^ TABLE[byte & 15]!;
    crc = crc >> 4 ^ TABLE[crc & 15]! ^ TABLE[byte >> 4]!;
  }
  return crc;
}
