import { concat } from "./byte_reader.ts";

/** The reasons for which an entry of an archive is left out. */
export const ENTRY_REFUSALS = {
  encrypted: "The entry is encrypted",
  unsafe_name: "The name of the entry leads out of the archive",
  link: "The entry is a link",
  too_large: "The entry is larger than the limit",
  damaged: "The entry is damaged",
  unsupported: "The entry is compressed by a method that is not supported",
} as const;

/** Stable code of a refused entry. Clients may depend on it. */
export type EntryRefusalReason = keyof typeof ENTRY_REFUSALS;

/** Refusal of one entry. The other entries can still be read. */
export class EntryRefused extends Error {
  override readonly name = "EntryRefused";
  readonly reason: EntryRefusalReason;

  constructor(reason: EntryRefusalReason, options?: ErrorOptions) {
    super(ENTRY_REFUSALS[reason], options);
    this.reason = reason;
  }
}

/** The reasons for which a whole archive is refused, or its remaining entries. */
export const ARCHIVE_REFUSALS = {
  unknown_format: "The file is not a ZIP or TAR archive",
  damaged: "The archive is damaged or incomplete",
  too_large: "The archive grows beyond the limit when it is decompressed",
  too_many_entries: "The archive has more entries than the limit",
} as const;

/** Stable code of a refused archive. Clients may depend on it. */
export type ArchiveRefusalReason = keyof typeof ARCHIVE_REFUSALS;

/** Refusal of an archive. Entries that came before it remain valid. */
export class ArchiveRefused extends Error {
  override readonly name = "ArchiveRefused";
  readonly reason: ArchiveRefusalReason;

  constructor(reason: ArchiveRefusalReason, options?: ErrorOptions) {
    super(ARCHIVE_REFUSALS[reason], options);
    this.reason = reason;
  }
}

/** One file of an archive. Folders are not entries. Two entries may have the same name. */
export interface ArchiveEntry {
  /** Path within the archive, with `/` as separator. It is a label, never a path to write to. */
  readonly name: string;
  /** Uncompressed size in bytes; null if the archive states it only after the data. */
  readonly size: number | null;
  /**
   * Returns the content. Throws `EntryRefused` if the entry cannot be read or is longer than
   * `maxBytes`. Call it before the next entry is asked for; an entry that is not read is skipped.
   */
  bytes(options?: { maxBytes?: number }): Promise<Uint8Array>;
}

/** Returns the reason against a name: it is absolute, or leads out of the archive. */
export function findNameFault(name: string): EntryRefusalReason | undefined {
  const isUnsafe = /^\/|^[a-z]:|\0/i.test(name) ||
    name.split("/").includes("..");
  return isUnsafe ? "unsafe_name" : undefined;
}

/** Collects pieces up to a limit, and counts on beyond it. */
export function createSink(maxBytes: number): {
  add(piece: Uint8Array): void;
  isOver(): boolean;
  join(): Uint8Array;
} {
  let pieces: Uint8Array[] = [];
  let size = 0;
  return {
    add(piece) {
      size += piece.length;
      if (size <= maxBytes) pieces.push(piece);
      else pieces = [];
    },
    isOver: () => size > maxBytes,
    join: () => concat(pieces),
  };
}
