/** The reasons for which an entry of an archive, or the rest of it, is left out. */
export const ENTRY_REFUSALS = {
  encrypted: "The entry is encrypted",
  unsafe_name: "The entry's name leads out of the archive",
  link: "The entry is a link",
  too_large: "The entry is larger than the limit",
  bomb: "The compressed entry grows beyond the limit",
  damaged: "The entry is damaged",
  unsupported: "The entry is compressed by a method that is not supported",
  duplicate: "An earlier entry has the same name",
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

/** One file of an archive. Folders are not entries. */
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
